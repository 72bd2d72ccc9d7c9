package io.logboom.filter.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Reads the pages of a {@code PodList}, one pod in memory at a time. */
final class ListReader {
  private final PodReader reader;
  private final Consumer<Pod> pods;
  private final Set<String> keys = new HashSet<>();
  private String version = "";
  private String next = "";

  ListReader(PodReader reader, Consumer<Pod> pods) {
    this.reader = reader;
    this.pods = pods;
  }

  void read(JsonParser p) throws IOException {
    next = "";
    if (p.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("the answer is no list");
    }
    boolean items = false;
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      JsonToken value = p.nextToken();
      if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
        metadata(p);
      } else if (field.equals("items") && value == JsonToken.START_ARRAY) {
        items(p);
        items = true;
      } else {
        items |= field.equals("items");
        p.skipChildren();
      }
    }
    if (!items || p.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("the list ends early");
    }
  }

  private void metadata(JsonParser p) throws IOException {
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "resourceVersion" -> version = p.getValueAsString("");
        case "continue" -> next = p.getValueAsString("");
        default -> p.skipChildren();
      }
    }
  }

  private void items(JsonParser p) throws IOException {
    while (p.nextToken() == JsonToken.START_OBJECT) {
      Pod pod = reader.read(p).pod();
      if (pod != null) {
        keys.add(PodStore.key(pod));
        pods.accept(pod);
      }
    }
  }

  /** The version of the list, from which a watch goes on. */
  String version() {
    return version;
  }

  /** The token of the next page; empty where this was the last. */
  String next() {
    return next;
  }

  /** The keys of all pods read, over all pages. */
  Set<String> keys() {
    return keys;
  }
}
