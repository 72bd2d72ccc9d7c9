package io.logboom.output.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypeConflictTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "v | failed to parse field [v] of type [long] in document with id 'x'. Preview of field's"
            + " value: 'text'",
        "v | [1:23] failed to parse field [v] of type [long] in document with id 'x'. Preview of"
            + " field's value: 'text'",
        "a.b] c | failed to parse field [a.b] c] of type [text] in document with id 'x'",
        "o | object mapping for [o] tried to parse field [o] as object, but found a concrete value",
        "o | object mapping for [o] tried to parse field [null] as object, but found a concrete"
            + " value",
        "p.q | [1:6] object mapping for [p.q] tried to parse field [q] as object, but found a"
            + " concrete value",
        "v | Could not dynamically add mapping for field [v.b]. Existing mapping for [v] must be of"
            + " type object but found [long].",
        "k.labels.app | [2:41] Existing mapping for [k.labels.app] must be of type object but found"
            + " [text].",
        "x | mapper [x] cannot be changed from type [long] to [text]",
        "x.y | mapper [x.y] of different type, current_type [text], merged_type [ObjectMapper]",
        "x | can't merge a non object mapping [x] with an object mapping [x]",
        "x | can't merge a non-object mapping [x] with an object mapping",
        "x | object mapping [x] can't be changed from nested to non-nested",
        "_id | failed to parse field [_id] of type [_id] in document with id 'y'",
      })
  void findsTheFieldInAllTexts(String field, String reason) {
    assertThat(TypeConflict.field(reason)).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "failed to parse",
        "field name cannot be an empty string",
        "Limit of total fields [1000] has been exceeded while adding new fields [3]",
        "Document contains at least one immense term in field=\"log\"",
        "mapping set to strict, dynamic introduction of [x] within [_doc] is not allowed",
        "Preview of field's value: 'failed to parse field [v] of type [long]'",
      })
  void takesNothingElseForOne(String reason) {
    assertThat(TypeConflict.field(reason)).isNull();
  }

  @Test
  void isQuickWithAReasonThatIsMadeToBeSlow() {
    assertThat(TypeConflict.field("failed to parse field [" + "] of type".repeat(400))).isNull();
  }
}
