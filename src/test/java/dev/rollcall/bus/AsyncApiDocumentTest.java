package dev.rollcall.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.operations.Operation;
import dev.rollcall.operations.OperationNames;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.ContractDocument;
import io.apicurio.datamodels.Library;
import io.apicurio.datamodels.models.Document;
import io.apicurio.datamodels.models.ModelType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The document itself: that it is AsyncAPI 3.0, whole, and about the addresses that there are. */
class AsyncApiDocumentTest {

  /**
   * Statuses that only HTTP has, and those of the bus beside what HTTP has. A node that has no jobs
   * has no addresses for them either, and no 501.
   */
  private static final Set<Integer> OF_HTTP =
      Set.of(304, 401, 403, 408, 414, 415, 417, 421, 429, 431, 501);

  private static final Set<Integer> OF_THE_BUS = Set.of(413, 504);

  /** The model reads all bounds as decimals. */
  private static final Comparator<JsonNode> NUMBERS_BY_VALUE =
      (one, other) ->
          one.isNumber() && other.isNumber()
              ? one.decimalValue().compareTo(other.decimalValue())
              : one.equals(other) ? 0 : 1;

  private final BusContract contract = new BusContract();
  private final JsonNode document = contract.document.tree();

  @Test
  void theAddressesAreThoseThatAreServed() {
    Map<String, String> served = new TreeMap<>();
    for (Operation each : Operation.values()) {
      if (each.address() != null) {
        served.put(OperationNames.of(each), each.address());
      }
    }
    Map<String, String> documented = new TreeMap<>();
    contract
        .operations("receive")
        .forEach(operation -> documented.put(operation, contract.address(operation)));
    assertThat(documented).isEqualTo(served);
  }

  @Test
  void whatIsSentIsTheHintTheQuestionAndItsEnd() {
    assertThat(contract.operations("send").stream().map(contract::address))
        .containsExactlyInAnyOrder(Addresses.USERS_CHANGED, "{source}", Addresses.CANCEL);
  }

  @Test
  void itIsAsyncApi() {
    Document read = Library.readDocumentFromJSONString(document.toString());
    assertThat(read.root().modelType()).isEqualTo(ModelType.ASYNCAPI30);
    // What the model does not know does not come back out of it.
    assertThat(Library.writeNode(read).equals(NUMBERS_BY_VALUE, document)).isTrue();
    // Its one complaint is about the channels of replies, whose addresses nobody can know.
    assertThat(Library.validate(read, null))
        .allMatch(problem -> problem.errorCode.equals("CHAN-001"))
        .extracting(problem -> problem.nodePath.toString())
        .containsExactlyInAnyOrder("/channels[replies]", "/channels[sourceReplies]");
  }

  @Test
  void everyOperationIsWholeAndEveryChannelHasOne() {
    Set<String> channels = new TreeSet<>();
    for (var operation : document.path("operations").properties()) {
      String name = operation.getKey();
      JsonNode node = operation.getValue();
      assertThat(node.path("summary").textValue()).as(name).isNotBlank();
      String channel = node.at("/channel/$ref").textValue();
      assertThat(channels.add(channel)).as(channel).isTrue();
      assertMessagesOf(channel, node.path("messages"));
      if (node.has("reply")) {
        String replies = node.at("/reply/channel/$ref").textValue();
        assertMessagesOf(replies, node.at("/reply/messages"));
        assertThat(contract.document.at(replies.substring(1)).has("address")).isFalse();
        channels.add(replies);
      }
    }
    Set<String> all = new TreeSet<>();
    document.path("channels").fieldNames().forEachRemaining(name -> all.add("#/channels/" + name));
    assertThat(channels).isEqualTo(all);
  }

  private static void assertMessagesOf(String channel, JsonNode messages) {
    assertThat(messages).isNotEmpty();
    for (JsonNode message : messages) {
      assertThat(message.path("$ref").textValue()).startsWith(channel + "/messages/");
    }
  }

  @Test
  void everyReferenceLeadsSomewhereAndEverythingIsUsed() {
    Set<String> references = new TreeSet<>();
    for (JsonNode reference : document.findValues("$ref")) {
      assertThat(contract.document.leadsSomewhere(reference.textValue()))
          .as(reference.textValue())
          .isTrue();
      references.add(reference.textValue());
    }
    Set<String> places = new TreeSet<>();
    for (String kind : List.of("messages", "schemas")) {
      for (var component : document.at("/components/" + kind).properties()) {
        places.add("#/components/" + kind + "/" + component.getKey());
      }
    }
    for (var channel : document.path("channels").properties()) {
      for (var message : channel.getValue().path("messages").properties()) {
        places.add("#/channels/" + channel.getKey() + "/messages/" + message.getKey());
      }
    }
    // Any operation may have it, as the description says.
    places.remove("#/channels/replies/messages/internalError");
    assertThat(references).containsAll(places);
  }

  @Test
  void everySchemaIsOneAndEveryExampleIsOfItsKind() {
    int examples = 0;
    for (var message : document.at("/components/messages").properties()) {
      String place = "/components/messages/" + message.getKey();
      for (String part : List.of("payload", "headers")) {
        JsonNode schema = message.getValue().path(part);
        if (!schema.isMissingNode()) {
          assertThat(ContractDocument.faultsOfSchema(schema)).as(place).isEmpty();
        }
        for (JsonNode example : message.getValue().path("examples")) {
          if (example.has(part)) {
            assertThat(contract.document.faults(place + "/" + part, example.get(part).toString()))
                .as("%s: %s", place, example)
                .isEmpty();
            examples++;
          }
        }
      }
    }
    assertThat(examples).isGreaterThan(30);
    for (var schema : document.at("/components/schemas").properties()) {
      assertThat(ContractDocument.faultsOfSchema(schema.getValue())).as(schema.getKey()).isEmpty();
    }
  }

  @Test
  void theExamplesOfWhatIsReceivedShowEveryMemberAndEveryHeader() {
    for (String operation : contract.operations("receive")) {
      String message = contract.message(operation);
      Set<String> members = new TreeSet<>();
      Set<String> headers = new TreeSet<>();
      for (BusContract.Example example : contract.examples(message)) {
        members.addAll(example.payload().fieldNames());
        headers.addAll(example.headers().keySet());
      }
      assertThat(members).isEqualTo(contract.document.members(message + "/payload"));
      assertThat(headers).isEqualTo(contract.document.members(message + "/headers"));
    }
  }

  @Test
  void anOperationFailsAsItsTwinOverHttpDoes() {
    ContractDocument http = new ContractDocument("openapi.yaml");
    List<String> twins = new ArrayList<>();
    for (JsonNode path : http.tree().path("paths")) {
      for (JsonNode twin : path) {
        String name = twin.path("operationId").asText();
        if (contract.operations("receive").contains(name)) {
          Set<Integer> statuses = new TreeSet<>(OF_THE_BUS);
          twin.path("responses")
              .fieldNames()
              .forEachRemaining(s -> statuses.add(Integer.valueOf(s)));
          statuses.removeIf(status -> status < 400 || OF_HTTP.contains(status));
          Map<Integer, String> failures = contract.failures(name);
          assertThat(failures.keySet()).as(name).isEqualTo(statuses);
          twins.add(name);
        }
      }
    }
    assertThat(twins).containsExactlyInAnyOrderElementsOf(contract.operations("receive"));
  }
}
