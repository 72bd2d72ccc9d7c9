package io.logboom.api.record;

/** What a value of a record is. */
public enum FieldKind {
  /** There is no such value. */
  MISSING,
  /** Text; its bytes are what it stands for, without quotes and escapes. */
  STRING,
  /** A number as JSON writes it. */
  NUMBER,
  /** {@code true} or {@code false}. */
  BOOLEAN,
  /** {@code null}. */
  NULL,
  /** An object, as JSON. */
  OBJECT,
  /** An array, as JSON. */
  ARRAY
}
