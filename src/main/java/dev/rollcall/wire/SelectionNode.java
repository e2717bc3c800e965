package dev.rollcall.wire;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A place that paths of a {@link JsonSelection} lead through or to: all paths together are a tree,
 * so that one pass finds all. Complete once {@link #complete} was called, and immutable then.
 */
final class SelectionNode {
  /** The step to each element of an array. */
  static final String EACH = "[]";

  /** More digits than a position can have. */
  private static final int LONGEST_POSITION = 9;

  private static final int[] NONE = {};

  /** The steps to members of an object. */
  private final Map<String, SelectionNode> members = new LinkedHashMap<>();

  /** The names of the members, and where they lead, in one order. */
  private byte[][] names = {};

  private SelectionNode[] named = {};

  /** The steps to single elements of an array; each has what all elements have as well. */
  private final Map<Integer, SelectionNode> positions = new HashMap<>();

  private @Nullable SelectionNode each;
  private final TreeSet<Integer> ending = new TreeSet<>();

  /** The fields whose value stands here. */
  int[] ends = NONE;

  /** The fields whose value stands here or below. */
  int[] fields = NONE;

  /** Where the marks of those fields begin. */
  int marks;

  /** Tells it from the other members of its object. */
  long bit;

  /** Adds the path of a field from here on. */
  void add(List<String> path, int field) {
    if (path.isEmpty()) {
      ending.add(field);
      return;
    }
    String step = path.get(0);
    SelectionNode next;
    if (step.equals(EACH)) {
      next = each == null ? new SelectionNode() : each;
      each = next;
    } else {
      next = members.computeIfAbsent(step, name -> new SelectionNode());
    }
    next.add(path.subList(1, path.size()), field);
  }

  private void addAll(SelectionNode other) {
    ending.addAll(other.ending);
    other.members.forEach(
        (name, child) -> members.computeIfAbsent(name, n -> new SelectionNode()).addAll(child));
    if (other.each != null) {
      each = each == null ? new SelectionNode() : each;
      each.addAll(other.each);
    }
  }

  /**
   * Completes this and all below.
   *
   * @param marked how many marks others have
   * @return the same with those of this and all below
   */
  int complete(int marked) {
    for (Map.Entry<String, SelectionNode> member : members.entrySet()) {
      int position = position(member.getKey());
      if (position >= 0) {
        SelectionNode element = new SelectionNode();
        element.addAll(member.getValue());
        if (each != null) {
          element.addAll(each);
        }
        positions.put(position, element);
      }
    }
    TreeSet<Integer> all = new TreeSet<>(ending);
    int next = marked;
    long nextBit = 1;
    for (SelectionNode child : members.values()) {
      child.bit = nextBit;
      nextBit <<= 1;
      next = completed(child, next, all);
    }
    for (SelectionNode child : positions.values()) {
      next = completed(child, next, all);
    }
    if (each != null) {
      next = completed(each, next, all);
    }
    names =
        members.keySet().stream()
            .map(name -> name.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    named = members.values().toArray(SelectionNode[]::new);
    ends = ending.stream().mapToInt(field -> field).toArray();
    fields = all.stream().mapToInt(field -> field).toArray();
    marks = next;
    return next + fields.length;
  }

  private static int completed(SelectionNode child, int marked, Set<Integer> all) {
    int next = child.complete(marked);
    for (int field : child.fields) {
      all.add(field);
    }
    return next;
  }

  /** A position in decimal; -1 for any other text. */
  private static int position(String text) {
    boolean decimal =
        !text.isEmpty()
            && text.length() <= LONGEST_POSITION
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return decimal ? Integer.parseInt(text) : -1;
  }

  boolean hasMembers() {
    return !members.isEmpty();
  }

  boolean hasElements() {
    return each != null || !positions.isEmpty();
  }

  /** The step to a member, whose name the cursor moves behind; null where none is selected. */
  @Nullable SelectionNode member(JsonCursor name) {
    int index = name.indexOf(names);
    return index < 0 ? null : named[index];
  }

  /** What each element has; null where only single ones are selected. */
  @Nullable SelectionNode each() {
    return each;
  }

  @Nullable SelectionNode element(int position) {
    if (positions.isEmpty()) {
      return each;
    }
    SelectionNode single = positions.get(position);
    return single == null ? each : single;
  }
}
