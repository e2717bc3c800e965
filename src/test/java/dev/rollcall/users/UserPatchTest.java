package dev.rollcall.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.wire.StrictJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserPatchTest {

  private static JsonNode json(String text) {
    return StrictJson.read(text.replace('`', '"'));
  }

  private static String merged(String current, String patch) {
    JsonNode attributes = json("{`attributes`:%s}".formatted(patch));
    return DraftReader.patch(attributes, 1).mergedAttributes(json(current).toString());
  }

  /** Appendix A of RFC 7396, below a member, since a user's attributes are always an object. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`a`:`b`}              | {`a`:`c`}                        | {`a`:`c`}",
        "{`a`:`b`}              | {`b`:`c`}                        | {`a`:`b`,`b`:`c`}",
        "{`a`:`b`}              | {`a`:null}                       | {}",
        "{`a`:`b`,`b`:`c`}      | {`a`:null}                       | {`b`:`c`}",
        "{`a`:[`b`]}            | {`a`:`c`}                        | {`a`:`c`}",
        "{`a`:`c`}              | {`a`:[`b`]}                      | {`a`:[`b`]}",
        "{`a`:{`b`:`c`}}        | {`a`:{`b`:`d`,`c`:null}}         | {`a`:{`b`:`d`}}",
        "{`a`:[{`b`:`c`}]}      | {`a`:[1]}                        | {`a`:[1]}",
        "[`a`,`b`]              | [`c`,`d`]                        | [`c`,`d`]",
        "{`a`:`b`}              | [`c`]                            | [`c`]",
        "{`a`:`foo`}            | `bar`                            | `bar`",
        "{`e`:null}             | {`a`:1}                          | {`e`:null,`a`:1}",
        "[1,2]                  | {`a`:`b`,`c`:null}               | {`a`:`b`}",
        "{}                     | {`a`:{`bb`:{`ccc`:null}}}        | {`a`:{`bb`:{}}}",
        "1                      | {`a`:{`b`:null,`c`:[null]}}      | {`a`:{`c`:[null]}}",
        "{`a`:{`b`:1}}          | {`a`:{}}                         | {`a`:{`b`:1}}",
        "{}                     | {`a`:[{`b`:null}]}               | {`a`:[{`b`:null}]}",
        "{`a`:1.50}             | {`b`:2}                          | {`a`:1.50,`b`:2}",
        "{`a`:12345678901234567890123} | {}                        | {`a`:12345678901234567890123}",
      })
  void mergesAsTheStandardSays(String current, String patch, String expected) {
    String before = "{`m`:%s}".formatted(current);
    assertThat(json(merged(before, "{`m`:%s}".formatted(patch))))
        .isEqualTo(json("{`m`:%s}".formatted(expected)));
    if (current.startsWith("{") && patch.startsWith("{")) {
      assertThat(json(merged(current, patch))).isEqualTo(json(expected));
    }
  }

  @Test
  void nullEmptiesTheAttributesAndAbsenceKeepsThem() {
    assertThat(merged("{`a`:1}", "null")).isEqualTo("{}");
    assertThat(DraftReader.patch(json("{}"), 1).mergedAttributes("{\"a\":1}"))
        .isEqualTo("{\"a\":1}");
  }

  @Test
  void aPatchCanBeAppliedAgain() {
    UserDraft.Patch patch = DraftReader.patch(json("{`attributes`:{`a`:{`b`:[1]},`c`:null}}"), 1);
    assertThat(json(patch.mergedAttributes("{}"))).isEqualTo(json("{`a`:{`b`:[1]}}"));
    assertThat(json(patch.mergedAttributes("{\"a\":{\"x\":1},\"c\":2}")))
        .isEqualTo(json("{`a`:{`b`:[1],`x`:1}}"));
    assertThat(json(patch.mergedAttributes("{}"))).isEqualTo(json("{`a`:{`b`:[1]}}"));
  }

  @Test
  void aDeepPatchOfDeepAttributesMerges() {
    String deep = "{`a`:".repeat(198) + "{`x`:1}" + "}".repeat(198);
    String patch = "{`a`:".repeat(198) + "{`y`:2}" + "}".repeat(198);
    assertThat(json(merged(deep, patch)))
        .isEqualTo(json("{`a`:".repeat(198) + "{`x`:1,`y`:2}" + "}".repeat(198)));
  }
}
