package dev.rollcall.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.AuditLog;
import dev.rollcall.access.AuditLog.Event;
import dev.rollcall.access.Principal;
import dev.rollcall.followers.webhooks.WebhookSecret;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import dev.rollcall.followers.webhooks.Webhooks;
import dev.rollcall.followers.webhooks.Webhooks.Action;
import dev.rollcall.users.User;
import dev.rollcall.wire.JsonMembers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Set;

/**
 * Webhooks: declaring, reading, pausing, replaying, trying and deleting them. The text of a secret
 * that was made here is in the answer that tells of its making, and in no other.
 */
final class WebhookCalls {
  private static final String AFTER = "after";

  private WebhookCalls() {}

  private static String name(Request request) {
    return request.parameters().required("name");
  }

  private static Declarer caller(Request request) {
    Principal caller = request.principal();
    return new Declarer(caller.name(), caller.scopes().hold("*"));
  }

  static void put(Resources resources, Request request) {
    String name = WebhookRequest.name(name(request));
    Webhooks webhooks = resources.declaredWebhooks();
    request.body(
        body -> {
          WebhookRequest wanted = WebhookRequest.read(name, body);
          request.reply(
              webhooks
                  .declare(wanted.spec(), WebhookSecret.generate(), wanted.after(), caller(request))
                  .onSuccess(declared -> log(Event.WEBHOOK_DECLARED, request, name)),
              declared -> answerDeclared(request, name, declared));
        });
  }

  private static void answerDeclared(Request request, String name, JsonNode declared) {
    ObjectNode json = (ObjectNode) declared;
    boolean created = json.remove("created").booleanValue();
    if (created) {
      request.created(text(json), "/webhooks/" + name);
    } else {
      request.document(text(json));
    }
  }

  static void list(Resources resources, Request request) {
    request.reserve(
        request.budget().page(),
        () -> answer(request, resources.declaredWebhooks().list(caller(request))));
  }

  static void get(Resources resources, Request request) {
    answer(request, resources.declaredWebhooks().get(name(request), caller(request)));
  }

  static void delete(Resources resources, Request request) {
    String name = name(request);
    request.reply(
        resources
            .declaredWebhooks()
            .delete(name, caller(request))
            .onSuccess(deleted -> log(Event.WEBHOOK_DELETED, request, name)),
        deleted -> request.nothing());
  }

  static void pause(Resources resources, Request request) {
    act(resources, request, Action.PAUSE, Event.WEBHOOK_PAUSED);
  }

  static void resume(Resources resources, Request request) {
    act(resources, request, Action.RESUME, Event.WEBHOOK_RESUMED);
  }

  private static void act(Resources resources, Request request, Action action, Event event) {
    String name = name(request);
    answer(
        request,
        resources
            .declaredWebhooks()
            .act(name, action, caller(request))
            .onSuccess(done -> log(event, request, name)));
  }

  static void replay(Resources resources, Request request) {
    String name = name(request);
    Webhooks webhooks = resources.declaredWebhooks();
    request.body(
        body -> {
          JsonMembers members = JsonMembers.of(body, Set.of(AFTER));
          members.part(AFTER);
          long after = members.number(AFTER, 0, User.MAX_ID, 0);
          members.refuseIfFaulty();
          answer(
              request,
              webhooks
                  .replay(name, after, caller(request))
                  .onSuccess(done -> log(Event.WEBHOOK_REPLAYED, request, name)));
        });
  }

  static void test(Resources resources, Request request) {
    String name = name(request);
    answer(
        request,
        resources
            .declaredWebhooks()
            .test(name, caller(request))
            .onSuccess(done -> log(Event.WEBHOOK_TESTED, request, name)));
  }

  static void attempts(Resources resources, Request request) {
    answer(request, resources.declaredWebhooks().attempts(name(request), caller(request)));
  }

  private static void answer(Request request, Future<JsonNode> answer) {
    request.reply(answer, json -> request.document(text(json)));
  }

  private static Buffer text(JsonNode json) {
    return Buffer.buffer(json.toString());
  }

  private static void log(Event event, Request request, String name) {
    AuditLog.log(event, request.principal().name(), "webhook:" + name, request.address());
  }
}
