package io.logboom.output.elasticsearch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to a bulk request as a stream, item by item, whatever its size:
 *
 * <pre>
 * {"took":30,"errors":true,"items":[
 *   {"create":{"_index":"logs","status":201}},
 *   {"create":{"status":400,"error":{"type":"mapper_parsing_exception","reason":"..."}}}]}
 * </pre>
 */
final class BulkAnswer {
  private static final JsonFactory JSON =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.newBoundedPool(4)).build();
  private static final int MOST_REASON = 600;

  /** So many reasons of one answer are told in full, to bound what thousands of them hold. */
  private static final int MOST_FULL_REASONS = 1000;

  private static final int MOST_SHORT_REASON = 120;

  /**
   * Errors in the 400s that are about the cluster and not about the document: a disk that is full,
   * a permission that is missing, no shard left. The document is good once an operator has acted.
   */
  private static final Set<String> OF_THE_CLUSTER =
      Set.of("cluster_block_exception", "security_exception", "validation_exception");

  /** What became of one item. */
  enum Result {
    CREATED,
    CONFLICT,
    RETRY,
    /** To be sent again, once an operator has acted. */
    BLOCKED,
    /** Refused for the type of a field, and sent again without it. */
    CLASHED,
    REJECTED
  }

  /**
   * What one item was answered.
   *
   * @param result never {@link Result#CLASHED}, which is for others to decide
   * @param reason empty for what is there
   * @param field the field for whose type a rejected item was refused; null where that is not why
   */
  record Item(Result result, String reason, @Nullable String field) {}

  private static final Item CREATED = new Item(Result.CREATED, "", null);
  private static final Item CONFLICT = new Item(Result.CONFLICT, "", null);

  /** Told of the items in the order of the request's. */
  interface Items {
    void item(Item item);
  }

  private final boolean create;
  private final boolean fields;
  private int described;

  // The item that is being read.
  private int status;
  private @Nullable String type;
  private @Nullable String reason;
  private @Nullable String cause;
  private @Nullable String field;

  /**
   * @param create whether the operation was create, for which a conflict means that the document is
   *     there
   * @param fields whether it is of interest for which field an item was refused
   */
  BulkAnswer(boolean create, boolean fields) {
    this.create = create;
    this.fields = fields;
  }

  /**
   * Reads an answer.
   *
   * @return how many items were told of; -1 where the answer says that there are no errors at all
   * @throws IOException where it ends too early or is no such answer; the items told of until then
   *     count
   */
  int read(InputStream in, Items items) throws IOException {
    int told = 0;
    described = 0;
    try (JsonParser parser = JSON.createParser(in)) {
      parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the answer is no JSON object");
      }
      boolean errors = true;
      boolean hasItems = false;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("errors")) {
          errors = value != JsonToken.VALUE_FALSE;
          if (!errors) {
            return -1;
          }
        } else if (name.equals("items") && value == JsonToken.START_ARRAY) {
          hasItems = true;
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            item(parser);
            items.item(judged());
            told++;
          }
        } else {
          parser.skipChildren();
        }
      }
      if (!hasItems) {
        throw new IOException("the answer has neither errors: false nor items");
      }
      return told;
    }
  }

  /** Reads {@code {"create":{...}}}, behind the first brace. */
  private void item(JsonParser parser) throws IOException {
    status = 0;
    type = null;
    reason = null;
    cause = null;
    field = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        parser.skipChildren();
        continue;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("status") && value == JsonToken.VALUE_NUMBER_INT) {
          status = parser.getIntValue();
        } else if (name.equals("error")) {
          error(parser, value, 0);
        } else {
          parser.skipChildren();
        }
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("the answer ends in the middle of an item");
    }
  }

  private void error(JsonParser parser, JsonToken value, int depth) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      // Elasticsearch 1 had text here.
      reason = value.isScalarValue() ? parser.getText() : null;
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken inner = parser.nextToken();
      if (name.equals("type") && depth == 0) {
        type = parser.getValueAsString();
      } else if (name.equals("reason")) {
        reason(firstLine(parser.getValueAsString()), depth);
      } else if (name.equals("caused_by") && inner == JsonToken.START_OBJECT && depth < 8) {
        error(parser, inner, depth + 1);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void reason(@Nullable String text, int depth) {
    if (depth == 0) {
      reason = text;
    } else {
      cause = text;
    }
    if (fields && field == null && text != null) {
      field = TypeConflict.field(text);
    }
  }

  /** What follows a line break is where the server's parser stood, in its own terms. */
  private static @Nullable String firstLine(@Nullable String text) {
    int end = text == null ? -1 : text.indexOf("\n at [Source");
    return text == null || end < 0 ? text : text.substring(0, end);
  }

  private Item judged() {
    Result result = result();
    return switch (result) {
      case CREATED -> CREATED;
      case CONFLICT -> CONFLICT;
      default -> new Item(result, describe(), result == Result.REJECTED ? field : null);
    };
  }

  private Result result() {
    if (status >= 200 && status < 300) {
      return Result.CREATED;
    }
    if (status == 409) {
      return create ? Result.CONFLICT : Result.RETRY;
    }
    if (status == 429 || status >= 500 || status < 400) {
      return Result.RETRY;
    }
    boolean blocked =
        (type != null && OF_THE_CLUSTER.contains(type))
            || (reason != null && reason.startsWith("pipeline with id ["));
    return blocked ? Result.BLOCKED : Result.REJECTED;
  }

  private String describe() {
    StringBuilder text = new StringBuilder(128);
    text.append(status);
    if (type != null) {
      text.append(' ').append(type);
    }
    if (reason != null) {
      text.append(": ").append(reason);
    }
    if (cause != null && !cause.equals(reason)) {
      text.append(": ").append(cause);
    }
    int most = ++described > MOST_FULL_REASONS ? MOST_SHORT_REASON : MOST_REASON;
    if (text.length() > most) {
      text.setLength(most);
      text.append("...");
    }
    return text.toString();
  }
}
