package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Fault;
import dev.rollcall.users.User;
import dev.rollcall.wire.StrictJson;
import org.junit.jupiter.api.Test;

/** What the body of a batch may say. */
class BatchRequestTest {

  private static BatchRequest read(String json) {
    return BatchRequest.read(StrictJson.read(json.replace('\'', '"')));
  }

  private static Failure refused(String json) {
    Failure failure = catchThrowableOfType(Failure.class, () -> read(json));
    assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
    return failure;
  }

  @Test
  void idsKeepTheirOrderAndMayRepeat() {
    BatchRequest request = read("{'ids':[3,1,9007199254740991,1]}");
    assertThat(request.size()).isEqualTo(4);
    assertThat(request.id(0)).isEqualTo(3);
    assertThat(request.id(1)).isEqualTo(1);
    assertThat(request.id(2)).isEqualTo(User.MAX_ID);
    assertThat(request.id(3)).isEqualTo(1);
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    assertThat(read("{'ids':[1]}").concurrency()).isEqualTo(10);
    assertThat(read("{'ids':[1]}").mode()).isNull();
    BatchRequest request = read("{'ids':[1],'concurrency':100,'mode':'race'}");
    assertThat(request.concurrency()).isEqualTo(100);
    assertThat(request.mode()).isEqualTo("race");
  }

  @Test
  void allFaultsAreTold() {
    assertThat(refused("{'ids':[1,0,2,'x'],'concurrency':0,'mode':1,'more':1}").faults())
        .extracting(Fault::pointer)
        .containsExactly("/more", "/concurrency", "/mode", "/ids/1", "/ids/3");
  }

  @Test
  void theTwentyFirstFaultIsNot() {
    Failure refused = refused("{'ids':[0" + ",0".repeat(99_999) + "]}");
    assertThat(refused.faults()).hasSize(20);
    assertThat(refused.faults().get(19).pointer()).isEqualTo("/ids/19");
  }

  @Test
  void asManyOfTheLongestIdsAsAreAllowedFitIntoTheLimit() {
    String ids = (User.MAX_ID + ", ").repeat(BatchRequest.MAX_IDS - 1) + User.MAX_ID;
    String body = "{'ids':[" + ids + "],'concurrency':100,'mode':'sequential'}";
    assertThat(body).hasSizeLessThan(BatchRequest.BODY_LIMIT);
    assertThat(read(body).size()).isEqualTo(BatchRequest.MAX_IDS);
  }
}
