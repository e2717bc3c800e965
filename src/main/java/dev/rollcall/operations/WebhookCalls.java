package dev.rollcall.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.AuditLog.Event;
import dev.rollcall.access.Principal;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.webhooks.WebhookSecret;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import dev.rollcall.followers.webhooks.Webhooks;
import dev.rollcall.followers.webhooks.Webhooks.Action;
import dev.rollcall.users.User;
import dev.rollcall.wire.JsonMembers;
import io.vertx.core.Future;
import java.util.Set;

/**
 * Webhooks: declaring, reading, pausing, replaying, trying and deleting them. The text of a secret
 * that was made here is in the answer that tells of its making, and in no other.
 */
final class WebhookCalls {
  private static final String AFTER = "after";

  private WebhookCalls() {}

  /** The name of one that may be there. */
  private static String name(Request request) {
    String name = request.parameters().required("name");
    if (!WebhookRequest.isName(name)) {
      throw Failure.of(Kind.NOT_FOUND, "there is no such webhook");
    }
    return name;
  }

  private static Declarer caller(Request request) {
    Principal caller = request.principal();
    return new Declarer(caller.name(), caller.scopes().hold("*"));
  }

  static void put(Resources resources, Request request) {
    String name = WebhookRequest.name(request.parameters().required("name"));
    Webhooks webhooks = resources.declaredWebhooks();
    request.body(
        body -> {
          WebhookRequest wanted = WebhookRequest.read(name, body);
          request.reply(
              webhooks
                  .declare(wanted.spec(), WebhookSecret.generate(), wanted.after(), caller(request))
                  .onSuccess(declared -> request.audit(Event.WEBHOOK_DECLARED, "webhook:" + name)),
              declared -> answerDeclared(request, name, declared));
        });
  }

  private static void answerDeclared(Request request, String name, JsonNode declared) {
    ObjectNode json = (ObjectNode) declared;
    boolean created = json.remove("created").booleanValue();
    if (created) {
      request.created(Request.text(json), "/webhooks/" + name);
    } else {
      request.document(json);
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
            .onSuccess(deleted -> request.audit(Event.WEBHOOK_DELETED, "webhook:" + name)),
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
            .onSuccess(done -> request.audit(event, "webhook:" + name)));
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
                  .onSuccess(done -> request.audit(Event.WEBHOOK_REPLAYED, "webhook:" + name)));
        });
  }

  static void test(Resources resources, Request request) {
    String name = name(request);
    answer(
        request,
        resources
            .declaredWebhooks()
            .test(name, caller(request))
            .onSuccess(done -> request.audit(Event.WEBHOOK_TESTED, "webhook:" + name)));
  }

  static void attempts(Resources resources, Request request) {
    answer(request, resources.declaredWebhooks().attempts(name(request), caller(request)));
  }

  private static void answer(Request request, Future<JsonNode> answer) {
    request.reply(answer, request::document);
  }
}
