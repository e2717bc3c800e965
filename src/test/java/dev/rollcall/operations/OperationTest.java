package dev.rollcall.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.Scope;
import dev.rollcall.config.Settings;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OperationTest {

  private static Stream<Operation> onTheBus() {
    return Arrays.stream(Operation.values()).filter(each -> each.address() != null);
  }

  @Test
  void theScopesAreThoseOfTheContract() {
    Map<Scope, Set<String>> byScope = new EnumMap<>(Scope.class);
    for (Operation each : Operation.values()) {
      byScope.computeIfAbsent(each.scope(), s -> new TreeSet<>()).add(OperationNames.of(each));
    }
    assertThat(byScope)
        .isEqualTo(
            Map.of(
                Scope.OPEN,
                Set.of(
                    "getIndex",
                    "getOpenApi",
                    "getAsyncApi",
                    "getDocs",
                    "getDocsScript",
                    "getDocsStyle",
                    "startSession",
                    "refreshSession",
                    "getSessionKeys"),
                Scope.USERS_READ,
                Set.of(
                    "getUser",
                    "listUsers",
                    "exportUsers",
                    "listChanges",
                    "getErasure",
                    "getErasureReceipt"),
                Scope.USERS_WRITE,
                Set.of(
                    "createUser", "putUser", "patchUser", "deleteUser", "importUsers", "eraseUser"),
                Scope.CREDENTIALS,
                Set.of("setPassword", "verifyPassword", "endSession"),
                Scope.VIEWS_READ,
                Set.of("getView", "listViews", "batchView"),
                Scope.KEYS,
                Set.of("listKeys", "createKey", "getKey", "deleteKey"),
                Scope.WEBHOOKS,
                Set.of(
                    "listFollowers",
                    "getFollower",
                    "putFollower",
                    "deleteFollower",
                    "getFollowerChanges",
                    "moveFollower",
                    "listWebhooks",
                    "getWebhook",
                    "putWebhook",
                    "deleteWebhook",
                    "pauseWebhook",
                    "resumeWebhook",
                    "replayWebhook",
                    "testWebhook",
                    "listWebhookAttempts"),
                Scope.JOBS,
                Set.of(
                    "listJobs", "startJob", "getJob", "cancelJob", "getJobResults", "followJob")));
  }

  @Test
  void whatIsOnTheBusIsCarriedOutByAHandler() {
    assertThat(onTheBus()).allMatch(each -> each.endpoint() != null).doesNotHaveDuplicates();
  }

  @Test
  void noMemberOfAMessageIsBothAParameterAndAPartOfIt() {
    assertThat(Operation.values())
        .allSatisfy(
            each -> {
              String part = each.input().part();
              assertThat(each.input().hasBody() && !each.input().parameters().isEmpty()).isFalse();
              assertThat(part == null || !each.members().contains(part)).isTrue();
            });
  }

  @Test
  void theBridgeAdmitsUsersAndViewsWithoutPasswordsUnlessToldOtherwise() {
    Set<Scope> open = Set.of(Scope.USERS_READ, Scope.USERS_WRITE, Scope.VIEWS_READ);
    List<String> expected =
        onTheBus().filter(each -> open.contains(each.scope())).map(Operation::address).toList();
    assertThat(Settings.of().bus().bridge().inbound())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void theBridgeMayBeToldToAdmitWhateverIsOnTheBus() {
    String all = String.join(",", onTheBus().map(Operation::address).toList());
    assertThat(Settings.of("bus.bridge.inbound=" + all).bus().bridge().inbound())
        .containsExactlyElementsOf(
            onTheBus().map(Operation::address).map(Objects::requireNonNull).toList());
  }
}
