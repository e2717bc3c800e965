package dev.rollcall.wire;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a JSON object of values that stand within another JSON value: their bytes as they are, in
 * one pass and without a tree. What is missing is left out. Immutable.
 *
 * <p>A path with {@code []} gives an array of all that it finds, one list however often it has
 * {@code []}; it is missing where there is no array. Of two members of one name the last counts.
 */
public final class JsonSelection {
  /** Of a field that is missing. */
  private static final int MISSING = -1;

  private final SelectionNode root = new SelectionNode();

  /** For each field {@code "name":}. */
  private final byte[][] names;

  private final boolean[] lists;
  private final int marks;

  /**
   * A selection of at most 64 fields.
   *
   * @param fields the paths by the names in the object: members, positions in decimal, and {@code
   *     []} for each element of an array
   */
  public JsonSelection(Map<String, List<String>> fields) {
    if (fields.size() > Long.SIZE) {
      throw new IllegalArgumentException(fields.size() + " fields are more than " + Long.SIZE);
    }
    names = new byte[fields.size()][];
    lists = new boolean[fields.size()];
    int field = 0;
    for (Map.Entry<String, List<String>> each : fields.entrySet()) {
      names[field] = (Json.encode(each.getKey()) + ":").getBytes(StandardCharsets.UTF_8);
      lists[field] = each.getValue().contains(SelectionNode.EACH);
      root.add(each.getValue(), field);
      field++;
    }
    marks = root.complete(0);
  }

  /**
   * Selects from valid JSON.
   *
   * @param limit the most bytes of what is selected
   * @throws Failure of kind {@code TOO_LARGE} for more, since fields may overlap
   */
  public Buffer select(Buffer json, int limit) {
    ByteBuf text = ((BufferInternal) json).getByteBuf();
    byte[] bytes = text.hasArray() ? text.array() : json.getBytes();
    int start = text.hasArray() ? text.arrayOffset() + text.readerIndex() : 0;
    Pass pass = new Pass(new JsonCursor(bytes, start, json.length()), limit);
    pass.value(root);
    return pass.object(bytes);
  }

  /** The value of the only field; null where it is missing. */
  public @Nullable Buffer value(Buffer json) {
    Buffer object = select(json, Integer.MAX_VALUE);
    int start = 1 + names[0].length;
    return object.length() <= start ? null : object.getBuffer(start, object.length() - 1);
  }

  /** One pass over a value, and where the fields were found in it. */
  private final class Pass {
    private final JsonCursor cursor;
    private final int limit;

    /** For each field how many values it has so far. */
    private final int[] counts = new int[names.length];

    /** For each field the begin and end of each value. */
    private final int[][] spans = new int[names.length][];

    /** For each node, the counts of its fields when its object had none of it. */
    private final int[] before = new int[marks];

    private long selected;

    Pass(JsonCursor cursor, int limit) {
      this.cursor = cursor;
      this.limit = limit;
      Arrays.fill(counts, MISSING);
    }

    /** Reads a value, and moves to its end. */
    void value(SelectionNode node) {
      byte first = cursor.peek();
      int start = cursor.at();
      if (first == '{' && node.hasMembers()) {
        members(node);
      } else if (first == '[' && node.hasElements()) {
        elements(node);
      } else {
        cursor.skip();
      }
      for (int field : node.ends) {
        found(field, start, cursor.at());
      }
    }

    private void members(SelectionNode node) {
      cursor.next();
      if (cursor.peek() == '}') {
        cursor.next();
        return;
      }
      long seen = 0;
      do {
        cursor.peek();
        SelectionNode member = node.member(cursor);
        cursor.next();
        if (member == null) {
          cursor.skip();
        } else {
          if ((seen & member.bit) == 0) {
            seen |= member.bit;
            mark(member);
          } else {
            forget(member);
          }
          value(member);
        }
      } while (cursor.next() == ',');
    }

    private void mark(SelectionNode member) {
      for (int i = 0; i < member.fields.length; i++) {
        before[member.marks + i] = counts[member.fields[i]];
      }
    }

    /** Forgets what the object had of the same name before. */
    private void forget(SelectionNode member) {
      for (int i = 0; i < member.fields.length; i++) {
        counts[member.fields[i]] = before[member.marks + i];
      }
    }

    private void elements(SelectionNode node) {
      SelectionNode each = node.each();
      if (each != null) {
        for (int field : each.fields) {
          counts[field] = Math.max(0, counts[field]);
        }
      }
      cursor.next();
      if (cursor.peek() == ']') {
        cursor.next();
        return;
      }
      int position = 0;
      do {
        SelectionNode element = node.element(position);
        if (element == null) {
          cursor.skip();
        } else {
          value(element);
        }
        position++;
      } while (cursor.next() == ',');
    }

    private void found(int field, int start, int end) {
      selected += end - start + 1;
      if (selected > limit) {
        throw Failure.of(Kind.TOO_LARGE, "fields of more than " + limit + " bytes");
      }
      int at = 2 * Math.max(0, counts[field]);
      int[] all = spans[field];
      if (all == null) {
        all = new int[2];
      } else if (all.length < at + 2) {
        all = Arrays.copyOf(all, 2 * all.length);
      }
      all[at] = start;
      all[at + 1] = end;
      spans[field] = all;
      counts[field] = at / 2 + 1;
    }

    Buffer object(byte[] bytes) {
      Buffer object = Buffer.buffer(length()).appendByte((byte) '{');
      boolean first = true;
      for (int field = 0; field < names.length; field++) {
        if (counts[field] != MISSING) {
          if (!first) {
            object.appendByte((byte) ',');
          }
          first = false;
          object.appendBytes(names[field]);
          append(field, bytes, object);
        }
      }
      return object.appendByte((byte) '}');
    }

    private int length() {
      long length = selected + 2;
      for (byte[] name : names) {
        length += name.length + 3L;
      }
      return (int) Math.min(length, Integer.MAX_VALUE - 8);
    }

    private void append(int field, byte[] bytes, Buffer object) {
      int[] all = spans[field];
      if (lists[field]) {
        object.appendByte((byte) '[');
      }
      for (int i = 0; all != null && i < 2 * counts[field]; i += 2) {
        if (i > 0) {
          object.appendByte((byte) ',');
        }
        object.appendBytes(bytes, all[i], all[i + 1] - all[i]);
      }
      if (lists[field]) {
        object.appendByte((byte) ']');
      }
    }
  }
}
