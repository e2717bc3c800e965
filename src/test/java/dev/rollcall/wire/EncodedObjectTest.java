package dev.rollcall.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.users.Awaiting;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.impl.codecs.JsonObjectMessageCodec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class EncodedObjectTest {

  private static final String TEXT =
      "{\"id\":9007199254740991,\"n\":null,\"a\":{\"x\":[1,-2.50,1e3,true,false,\"\u20ac\\n"
          + "\",[],{}]},\"big\":123456789012345678901234567890,\"s\":\"\"}";

  private final EncodedObject object = new EncodedObject(Buffer.buffer(TEXT));

  @Test
  void aCopyIsWhatVertxWouldHaveReadFromTheText() {
    JsonObject expected = new JsonObject(TEXT);
    JsonObject copy = object.copy();
    assertThat(copy.getClass()).isSameAs(JsonObject.class);
    assertThat(copy).isEqualTo(expected);
    assertThat(copy.encode()).isEqualTo(expected.encode());
    JsonArray values = copy.getJsonObject("a").getJsonArray("x");
    JsonArray expectedValues = expected.getJsonObject("a").getJsonArray("x");
    for (int i = 0; i < values.size(); i++) {
      assertThat(values.getValue(i).getClass()).isSameAs(expectedValues.getValue(i).getClass());
    }
    assertThat(copy.getMap().keySet()).containsExactlyElementsOf(expected.fieldNames());
  }

  @Test
  void copiesBelongToTheirReceivers() {
    JsonObject copy = object.copy();
    copy.put("id", 1).getJsonObject("a").clear();
    assertThat(object.copy()).isEqualTo(new JsonObject(TEXT));
  }

  @Test
  void itIsEncodedAsItsText() {
    assertThat(object.encode()).isEqualTo(TEXT);
    assertThat(object.toBuffer()).isEqualTo(Buffer.buffer(TEXT));
    Buffer wire = Buffer.buffer();
    JsonObjectMessageCodec codec = new JsonObjectMessageCodec();
    codec.encodeToWire(wire, object);
    assertThat(wire.getString(4, wire.length())).isEqualTo(TEXT);
    assertThat(codec.decodeFromWire(0, wire)).isEqualTo(new JsonObject(TEXT));
  }

  @Test
  void whoLooksIntoItSeesItsMembersAndCanNotChangeThem() {
    assertThat(object.getLong("id")).isEqualTo((1L << 53) - 1);
    assertThat(object.containsKey("n")).isTrue();
    assertThat(object.size()).isEqualTo(5);
    assertThat(new JsonObject().put("within", object).encode())
        .isEqualTo("{\"within\":" + new JsonObject(TEXT).encode() + "}");
    assertThatThrownBy(() -> object.put("id", 1)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(object::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aReceiverInThisProcessGetsAPlainObject() {
    Vertx vertx = Vertx.vertx();
    try {
      vertx.eventBus().consumer("test", message -> message.reply(object));
      Object body = Awaiting.await(vertx.eventBus().request("test", "")).body();
      assertThat(body).isEqualTo(new JsonObject(TEXT));
    } finally {
      Awaiting.await(vertx.close());
    }
  }

  @Test
  void anEmptyObjectHasNothingInIt() {
    assertThat(new EncodedObject(Buffer.buffer("{}")).copy()).isEqualTo(new JsonObject());
  }
}
