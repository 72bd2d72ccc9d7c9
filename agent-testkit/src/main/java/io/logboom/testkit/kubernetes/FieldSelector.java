package io.logboom.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code metadata.name=x,spec.nodeName!=y}, for the fields that the real server knows for pods. */
record FieldSelector(List<Term> terms) {
  private static final Set<String> POD_FIELDS =
      Set.of(
          "metadata.name",
          "metadata.namespace",
          "spec.nodeName",
          "spec.restartPolicy",
          "spec.schedulerName",
          "spec.serviceAccountName",
          "spec.hostNetwork",
          "status.phase",
          "status.podIP",
          "status.nominatedNodeName");

  record Term(String field, String value, boolean equal) {}

  /**
   * @throws IllegalArgumentException where a field is not one that can be selected by
   */
  static FieldSelector parse(String text) {
    List<Term> terms = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      int not = part.indexOf("!=");
      int equal = part.indexOf('=');
      if (equal < 0) {
        throw new IllegalArgumentException("invalid selector: '" + text + "'");
      }
      String field = not >= 0 ? part.substring(0, not) : part.substring(0, equal);
      String value = part.substring(part.startsWith("==", equal) ? equal + 2 : equal + 1);
      if (!POD_FIELDS.contains(field)) {
        throw new IllegalArgumentException("field label not supported: " + field);
      }
      terms.add(new Term(field, value, not < 0));
    }
    return new FieldSelector(List.copyOf(terms));
  }

  boolean matches(JsonNode object) {
    for (Term term : terms) {
      JsonNode value = object.at("/" + term.field().replace('.', '/'));
      if (value.asText("").equals(term.value()) != term.equal()) {
        return false;
      }
    }
    return true;
  }
}
