package dev.rollcall.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Failure;
import dev.rollcall.config.JobSettings;
import dev.rollcall.views.Views;
import dev.rollcall.wire.JsonMembers;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what a client asks for, and reports every fault at once. */
public final class JobReader {
  /** Room for as many of the longest ids, and for some white space between them. */
  public static final int BODY_LIMIT = 2 * 1024 * 1024;

  private static final int MAX_IDS = 100_000;
  private static final String IDS = "ids";
  private static final String VIEW = "view";
  private static final String IMPORT = "import";
  private static final String SOURCE = "source";
  private static final String ALL = "all";
  private static final String CONCURRENCY = "concurrency";
  private static final Set<String> MEMBERS = Set.of(VIEW, IDS, ALL, IMPORT, CONCURRENCY);
  private static final Set<String> OF_IMPORT = Set.of(SOURCE, IDS);

  private final Views views;
  private final JobSettings settings;

  /** A reader that knows what there is to be asked. */
  public JobReader(Views views, JobSettings settings) {
    this.views = views;
    this.settings = settings;
  }

  /**
   * Reads {@code {"view":…,"ids":[…]}}, {@code {"view":…,"all":true}} or {@code
   * {"import":{"source":…,"ids":[…]}}}, each with a {@code concurrency} or without one.
   *
   * @param key by which the request may be repeated; null where it can't
   * @param by who asks; null where nobody had to say who he is
   * @throws Failure of kind {@code INVALID}
   */
  public JobRequest read(JsonNode body, @Nullable UUID key, @Nullable String by) {
    JsonMembers members = JsonMembers.of(body, MEMBERS);
    int concurrency =
        (int) members.number(CONCURRENCY, 1, settings.concurrencyLimit(), settings.concurrency());
    JobRequest request =
        members.has(IMPORT)
            ? ofImport(members, concurrency, key, by)
            : fetch(members, concurrency, key, by);
    members.refuseIfFaulty();
    return request;
  }

  private JobRequest fetch(
      JsonMembers members, int concurrency, @Nullable UUID key, @Nullable String by) {
    String view = members.required(VIEW);
    known(members, VIEW, () -> views.named(view));
    boolean all = members.isTrue(ALL);
    if (all && members.has(IDS)) {
      members.fault(IDS, "can't be given together with all");
    }
    IdList ids = members.has(ALL) ? IdList.of() : IdList.of(members.distinctIds(IDS, MAX_IDS));
    return new JobRequest(new JobSpec(JobSpec.Kind.FETCH, view, all, concurrency), ids, key, by);
  }

  private JobRequest ofImport(
      JsonMembers members, int concurrency, @Nullable UUID key, @Nullable String by) {
    for (String other : new String[] {VIEW, IDS, ALL}) {
      if (members.has(other)) {
        members.fault(other, "can't be given together with import");
      }
    }
    JsonMembers inner = members.within(IMPORT, OF_IMPORT);
    String source = inner.required(SOURCE);
    known(inner, SOURCE, () -> views.source(source));
    IdList ids = IdList.of(inner.distinctIds(IDS, MAX_IDS));
    return new JobRequest(
        new JobSpec(JobSpec.Kind.IMPORT, source, false, concurrency), ids, key, by);
  }

  /** Notes a name of nothing as the fault of the request that it is here. */
  private static void known(JsonMembers members, String name, Runnable lookUp) {
    if (members.isText(name)) {
      try {
        lookUp.run();
      } catch (Failure unknown) {
        members.fault(name, unknown.detail());
      }
    }
  }
}
