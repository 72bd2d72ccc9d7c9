package io.logboom.net.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Names;
import io.logboom.api.json.JsonScanner;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Records that the MessagePack project's own encoder wrote. */
final class MsgPackJsonTest {
  private final Names names = new Names();
  private final MsgPackJson json = new MsgPackJson(names);

  /** Writes some values. */
  @FunctionalInterface
  interface Writing {
    void to(MessageBufferPacker packer) throws IOException;
  }

  static byte[] packed(Writing writing) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      writing.to(packer);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String convert(byte[] record) {
    byte[] out = new byte[record.length * 8 + 200];
    int end = json.object(record, 0, record.length, out, 0);
    assertThat(end).as(json.fault()).isEqualTo(record.length);
    String text = new String(out, 0, json.stop(), StandardCharsets.UTF_8);
    assertIsJson(out, json.stop());
    return text;
  }

  /** The scanner also tells what only may be, and what only matters to lines of a log. */
  private void assertIsJson(byte[] out, int stop) {
    assertThat(
            new JsonScanner(names).scan(out, 0, stop)
                & ~(JsonScanner.DUPLICATE_NAME | JsonScanner.TRAILING_BREAK))
        .as(new String(out, 0, stop, StandardCharsets.UTF_8))
        .isEqualTo(JsonScanner.CLEAN);
  }

  private String value(Writing writing) {
    String text =
        convert(
            packed(
                p -> {
                  p.packMapHeader(1).packString("v");
                  writing.to(p);
                }));
    assertThat(text).startsWith("{\"v\":").endsWith("}");
    return text.substring(5, text.length() - 1);
  }

  @Test
  void integersOfAllSizesKeepEachDigit() {
    long[] all = {
      0,
      1,
      -1,
      -32,
      -33,
      127,
      128,
      255,
      256,
      -128,
      -129,
      65535,
      65536,
      -32768,
      -32769,
      1L << 31,
      (1L << 32) - 1,
      1L << 32,
      999_999_999_999_999_999L,
      Long.MAX_VALUE,
      Long.MIN_VALUE
    };
    for (long each : all) {
      assertThat(value(p -> p.packLong(each))).isEqualTo(Long.toString(each));
    }
  }

  @Property(tries = 500)
  void anyIntegerKeepsEachDigit(@ForAll long any) {
    assertThat(value(p -> p.packLong(any))).isEqualTo(Long.toString(any));
    assertThat(value(p -> p.packBigInteger(new BigInteger(Long.toUnsignedString(any)))))
        .isEqualTo(Long.toUnsignedString(any));
  }

  @Test
  void floatsAreTheShortestThatReadBackTheSame() {
    assertThat(value(p -> p.packDouble(0.1))).isEqualTo("0.1");
    assertThat(value(p -> p.packDouble(3))).isEqualTo("3.0");
    assertThat(value(p -> p.packDouble(-0.0))).isEqualTo("-0.0");
    assertThat(value(p -> p.packDouble(1699999999.123456))).isEqualTo("1699999999.123456");
    assertThat(value(p -> p.packDouble(0.1 + 0.2))).isEqualTo("0.30000000000000004");
    assertThat(value(p -> p.packDouble(1e300))).isEqualTo("1.0E300");
    assertThat(value(p -> p.packDouble(Double.MIN_VALUE))).isEqualTo("4.9E-324");
    assertThat(value(p -> p.packFloat(0.1f))).isEqualTo("0.1");
    assertThat(value(p -> p.packFloat(16777216f))).isEqualTo("1.6777216E7");
  }

  @Test
  void whatIsNoNumberInJsonIsNull() {
    assertThat(value(p -> p.packDouble(Double.NaN))).isEqualTo("null");
    assertThat(value(p -> p.packDouble(Double.NEGATIVE_INFINITY))).isEqualTo("null");
    assertThat(value(p -> p.packFloat(Float.POSITIVE_INFINITY))).isEqualTo("null");
  }

  @Test
  void thousandthsHaveTheDigitsThatTheyNeed() {
    for (int i = -3000; i < 3000; i++) {
      double number = i / 1000.0;
      assertThat(value(p -> p.packDouble(number))).isEqualTo(plain(i));
    }
    assertThat(value(p -> p.packDouble(1999999.999))).isEqualTo("1999999.999");
    assertThat(value(p -> p.packDouble(2000000.25))).isEqualTo("2000000.25");
    assertThat(value(p -> p.packDouble(-0.0))).isEqualTo("-0.0");
  }

  private static String plain(int thousandths) {
    BigDecimal exact = BigDecimal.valueOf(thousandths, 3).stripTrailingZeros();
    return exact.setScale(Math.max(1, exact.scale())).toPlainString();
  }

  @Property(tries = 2000)
  void anyFloatReadsBackTheSameAndIsNotLongerThanJavas(@ForAll double any, @ForAll int decimals) {
    double scaled = Math.round(any * 1000) / Math.pow(10, Math.floorMod(decimals, 6));
    for (double each : new double[] {any, scaled}) {
      if (Double.isFinite(each)) {
        String text = value(p -> p.packDouble(each));
        assertThat(Double.parseDouble(text)).isEqualTo(each);
        assertThat(digits(text)).isLessThanOrEqualTo(digits(Double.toString(each)));
      }
      float single = (float) each;
      if (Float.isFinite(single)) {
        String text = value(p -> p.packFloat(single));
        assertThat(Float.parseFloat(text)).isEqualTo(single);
        assertThat(digits(text)).isLessThanOrEqualTo(digits(Float.toString(single)));
      }
    }
  }

  /** How many significant digits there are. */
  private static int digits(String number) {
    String mantissa = number.split("E")[0].replace("-", "").replace(".", "");
    return Math.max(1, mantissa.replaceAll("^0+", "").replaceAll("0+$", "").length());
  }

  @Test
  void aRecordOfAllKinds() {
    byte[] record =
        packed(
            p -> {
              p.packMapHeader(5);
              p.packString("log").packString("a \"quoted\" line\n");
              p.packString("yes").packBoolean(true);
              p.packString("no").packBoolean(false);
              p.packString("nothing").packNil();
              p.packString("list")
                  .packArrayHeader(3)
                  .packInt(1)
                  .packArrayHeader(0)
                  .packMapHeader(0);
            });
    assertThat(convert(record))
        .isEqualTo(
            "{\"log\":\"a \\\"quoted\\\" line\\n\",\"yes\":true,\"no\":false,\"nothing\":null,"
                + "\"list\":[1,[],{}]}");
  }

  @Property(tries = 1000)
  void anyTextComesThrough(@ForAll String any) {
    byte[] utf8 = any.getBytes(StandardCharsets.UTF_8);
    String expected = new String(utf8, StandardCharsets.UTF_8);
    String text = value(p -> p.packRawStringHeader(utf8.length).writePayload(utf8));
    assertThat(JsonText.read(text)).isEqualTo(expected);
  }

  @Property(tries = 1000)
  void bytesThatAreNotUtf8BecomeReplacementCharacters(@ForAll byte[] any) {
    String text = value(p -> p.packRawStringHeader(any.length).writePayload(any));
    String expected = new String(any, StandardCharsets.UTF_8);
    // How many stand for a longer invalid part is not the same everywhere.
    assertThat(JsonText.read(text).replace("\uFFFD", "")).isEqualTo(expected.replace("\uFFFD", ""));
    assertThat(json.hasRepaired())
        .isEqualTo(!Arrays.equals(expected.getBytes(StandardCharsets.UTF_8), any));
  }

  @Property(tries = 500)
  void bytesAreTextWhereTheyAreUtf8AndElseBase64(@ForAll byte[] any) {
    String text = JsonText.read(value(p -> p.packBinaryHeader(any.length).writePayload(any)));
    String decoded = new String(any, StandardCharsets.UTF_8);
    boolean utf8 = Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), any);
    assertThat(text).isEqualTo(utf8 ? decoded : Base64.getEncoder().encodeToString(any));
    assertThat(json.hasBase64()).isEqualTo(!utf8);
  }

  @Test
  void extensionsAreBase64AndEventTimeIsANumber() {
    byte[] time = {0x65, 0x53, (byte) 0xF1, 0x00, 0x07, 0x5B, (byte) 0xCD, 0x15};
    assertThat(value(p -> p.packExtensionTypeHeader((byte) 0, 8).writePayload(time)))
        .isEqualTo("1700000000.123456789");
    byte[] three = {1, 2, 3};
    assertThat(value(p -> p.packExtensionTypeHeader((byte) 5, 3).writePayload(three)))
        .isEqualTo("\"AQID\"");
    for (int count : new int[] {1, 2, 4, 8, 16, 17, 300, 70_000}) {
      byte[] data = new byte[count];
      Arrays.fill(data, (byte) 0xF0);
      assertThat(value(p -> p.packExtensionTypeHeader((byte) 7, count).writePayload(data)))
          .isEqualTo('"' + Base64.getEncoder().encodeToString(data) + '"');
    }
  }

  @Test
  void namesThatAreNoTextAreWrittenAsText() {
    byte[] record =
        packed(
            p -> {
              p.packMapHeader(5);
              p.packInt(7).packInt(1);
              p.packBoolean(true).packInt(2);
              p.packNil().packInt(3);
              p.packDouble(0.5).packInt(4);
              p.packBinaryHeader(1).writePayload(new byte[] {'b'});
              p.packInt(5);
            });
    assertThat(convert(record)).isEqualTo("{\"7\":1,\"true\":2,\"null\":3,\"0.5\":4,\"b\":5}");
  }

  @Test
  void ofANameThatStandsTwiceTheLastOneCounts() {
    byte[] record =
        packed(
            p -> {
              p.packMapHeader(5);
              p.packString("a").packInt(1);
              p.packString("b").packMapHeader(3);
              p.packString("x").packInt(1).packString("x").packInt(2).packString("y").packInt(3);
              p.packString("a").packString("again");
              p.packInt(1).packInt(5);
              p.packString("1").packInt(6);
            });
    assertThat(convert(record)).isEqualTo("{\"b\":{\"x\":2,\"y\":3},\"a\":\"again\",\"1\":6}");
  }

  @Property(tries = 300)
  void namesOfAnyShapeAreDistinctAfterwards(@ForAll byte[][] any) {
    byte[] record =
        packed(
            p -> {
              p.packMapHeader(any.length * 2);
              for (int round = 0; round < 2; round++) {
                for (byte[] name : any) {
                  p.packRawStringHeader(name.length).writePayload(name);
                  p.packInt(round);
                }
              }
            });
    byte[] out = new byte[record.length * 8 + 200];
    assertThat(json.object(record, 0, record.length, out, 0)).isEqualTo(record.length);
    String text = new String(out, 0, json.stop(), StandardCharsets.UTF_8);
    assertThat(JsonText.members(text)).doesNotContainValue("0");
    if (Arrays.stream(any).allMatch(n -> StringWriter.isUtf8(n, 0, n.length))) {
      long distinct = Arrays.stream(any).map(ByteBuffer::wrap).distinct().count();
      assertThat(JsonText.members(text)).hasSize((int) distinct);
    }
  }

  @Test
  void tellsTheRegisteredNamesOfTheTopLevel() {
    long log = names.of("log");
    long stream = names.of("stream");
    long inner = names.of("inner");
    byte[] record =
        packed(
            p -> {
              p.packMapHeader(2);
              p.packString("log").packMapHeader(1).packString("inner").packInt(1);
              p.packBinaryHeader(6).writePayload("stream".getBytes(StandardCharsets.UTF_8));
              p.packInt(2);
            });
    convert(record);
    assertThat(json.names()).isEqualTo(log | stream).isNotEqualTo(inner);
  }

  @Test
  void nestingHasABound() {
    for (int depth : new int[] {JsonScanner.MAX_DEPTH, JsonScanner.MAX_DEPTH + 1}) {
      byte[] record =
          packed(
              p -> {
                p.packMapHeader(1).packString("v");
                for (int i = 1; i < depth; i++) {
                  p.packArrayHeader(1);
                }
                p.packNil();
              });
      int end = json.object(record, 0, record.length, new byte[4096], 0);
      assertThat(end).isEqualTo(depth <= JsonScanner.MAX_DEPTH ? record.length : MsgPack.MALFORMED);
    }
    assertThat(json.fault()).isEqualTo("nested too deep");
  }

  @Test
  void aRecordMustBeAMap() {
    for (byte[] each :
        new byte[][] {
          packed(p -> p.packInt(1)), packed(p -> p.packArrayHeader(0)), {(byte) 0xC1}
        }) {
      assertThat(json.object(each, 0, each.length, new byte[256], 0)).isEqualTo(MsgPack.MALFORMED);
    }
  }

  @Test
  void aWideRecordHasAllOfItsMembers() {
    byte[] record =
        packed(
            p -> {
              p.packMapHeader(5000);
              for (int i = 0; i < 5000; i++) {
                p.packString("name-" + i).packInt(i);
              }
            });
    assertThat(JsonText.members(convert(record))).hasSize(5000).containsEntry("name-4711", "4711");
  }

  @Test
  void tooManyMembersWhereANameStandsTwiceAreRefused() {
    byte[] record =
        packed(
            p -> {
              p.packMapHeader(MsgPackJson.MOST_NAMES + 1);
              for (int i = 0; i <= MsgPackJson.MOST_NAMES; i++) {
                p.packInt(i).packNil();
              }
            });
    byte[] out = new byte[record.length * 8];
    assertThat(json.object(record, 0, record.length, out, 0)).isEqualTo(MsgPack.MALFORMED);
  }

  @Property(tries = 300)
  void everyPartOfARecordIsIncompleteAndTooLittleRoomIsFull(@ForAll("records") byte[] record) {
    byte[] out = new byte[record.length * 8 + 200];
    assertThat(json.object(record, 0, record.length, out, 0)).isEqualTo(record.length);
    int size = json.stop();
    byte[] whole = Arrays.copyOf(out, size);
    for (int to = 0; to < record.length; to += 1 + record.length / 50) {
      assertThat(json.object(record, 0, to, out, 0)).isEqualTo(MsgPack.INCOMPLETE);
      assertThat(MsgPack.end(record, 0, to)).isEqualTo(MsgPack.INCOMPLETE);
    }
    assertThat(MsgPack.end(record, 0, record.length)).isEqualTo(record.length);
    for (int room = 0; room < size; room += 1 + size / 50) {
      assertThat(json.object(record, 0, record.length, new byte[room], 0)).isEqualTo(MsgPack.FULL);
    }
    byte[] shifted = new byte[record.length + 7];
    System.arraycopy(record, 0, shifted, 7, record.length);
    byte[] behind = new byte[size + record.length * 6 + 400];
    assertThat(json.object(shifted, 7, shifted.length, behind, 3)).isEqualTo(shifted.length);
    assertThat(Arrays.copyOfRange(behind, 3, json.stop())).isEqualTo(whole);
  }

  @net.jqwik.api.Provide
  net.jqwik.api.Arbitrary<byte[]> records() {
    return net.jqwik.api.Arbitraries.longs().map(seed -> RandomRecord.of(seed).bytes());
  }

  @Property(tries = 500)
  void aRecordIsWhatAnotherDecoderMakesOfIt(@ForAll long seed) {
    RandomRecord record = RandomRecord.of(seed);
    assertThat(convert(record.bytes())).isEqualTo(record.json());
  }

  @Property(tries = 3000)
  void anyBytesAreTakenOrRefusedWithoutHarm(@ForAll byte[] any) {
    byte[] record = new byte[any.length + 1];
    record[0] = (byte) (0x80 | any.length & 15);
    System.arraycopy(any, 0, record, 1, any.length);
    byte[] out = new byte[record.length * 8 + 200];
    int end = json.object(record, 0, record.length, out, 0);
    int extent = MsgPack.end(record, 0, record.length);
    if (end >= 0) {
      assertThat(extent).isEqualTo(end);
      assertIsJson(out, json.stop());
    } else {
      assertThat(end).isIn(MsgPack.INCOMPLETE, MsgPack.MALFORMED);
    }
  }
}
