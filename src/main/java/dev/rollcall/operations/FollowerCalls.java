package dev.rollcall.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.AuditLog.Event;
import dev.rollcall.base.Failure;
import dev.rollcall.config.sources.SourceRules;
import dev.rollcall.followers.cursors.KeptCursor;
import dev.rollcall.followers.cursors.KeptCursors;
import dev.rollcall.users.User;
import dev.rollcall.wire.JsonMembers;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Followers whose position is kept: making, moving, listing and deleting them. */
final class FollowerCalls {
  private static final Pattern NAME = Pattern.compile(SourceRules.NAME_PATTERN);
  private static final String AFTER = "after";
  private static final String SEQ = "seq";

  private FollowerCalls() {}

  /**
   * The name of a follower, which stands in the path.
   *
   * @throws Failure for what is no name
   */
  static String name(Request request) {
    String name = request.name();
    if (!NAME.matcher(name).matches()) {
      throw Failure.invalid(
          "/name", "must be 1 to 64 letters, digits, _ and -, the first a letter");
    }
    return name;
  }

  static void put(Resources resources, Request request) {
    KeptCursors cursors = resources.cursors();
    String name = name(request);
    request.body(
        body -> {
          Long after = after(body);
          request.reply(
              cursors
                  .put(name, after, request.principal(), request.client())
                  .onSuccess(put -> request.audit(Event.FOLLOWER_SET, "follower:" + name)),
              put -> {
                Buffer json = Request.text(put.cursor().json());
                if (put.isNew()) {
                  request.created(json, "/followers/" + name);
                } else {
                  request.document(json);
                }
              });
        });
  }

  private static @Nullable Long after(JsonNode body) {
    JsonMembers members = JsonMembers.of(body, Set.of(AFTER));
    long after = members.number(AFTER, 0, User.MAX_ID, 0);
    members.refuseIfFaulty();
    return members.has(AFTER) ? Long.valueOf(after) : null;
  }

  static void advance(Resources resources, Request request) {
    KeptCursors cursors = resources.cursors();
    String name = name(request);
    request.body(
        body -> {
          JsonMembers members = JsonMembers.of(body, Set.of(SEQ));
          members.part(SEQ);
          long seq = members.number(SEQ, 0, User.MAX_ID, 0);
          members.refuseIfFaulty();
          request.reply(
              cursors.advance(name, seq, request.principal(), request.client()),
              moved -> request.document(moved.json()));
        });
  }

  static void get(Resources resources, Request request) {
    KeptCursors cursors = resources.cursors();
    request.reply(
        cursors.find(name(request), request.principal()), found -> request.document(found.json()));
  }

  static void list(Resources resources, Request request) {
    request.parameters().refuseIfFaulty();
    KeptCursors cursors = resources.cursors();
    request.reserve(
        request.budget().page(),
        () ->
            request.reply(cursors.list(request.principal()), all -> request.document(encode(all))));
  }

  static void delete(Resources resources, Request request) {
    String name = name(request);
    request.reply(
        resources
            .cursors()
            .delete(name, request.principal())
            .onSuccess(deleted -> request.audit(Event.FOLLOWER_DELETED, "follower:" + name)),
        deleted -> request.nothing());
  }

  private static ObjectNode encode(List<KeptCursor> all) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode items = json.putArray("items");
    all.forEach(each -> items.add(each.json()));
    return json;
  }
}
