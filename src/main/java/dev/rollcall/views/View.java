package dev.rollcall.views;

import dev.rollcall.base.Failure;
import dev.rollcall.budgets.SizeEstimate;
import dev.rollcall.config.sources.ViewSettings;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.SourceClient;
import dev.rollcall.sources.SourceResult;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A declared view with its sources. Safe for use by all threads. */
public final class View {
  record Member(SourceClient client, TemplateValues values) {
    private static Member of(SourceClient client) {
      return new Member(client, new TemplateValues(client.settings().target()));
    }
  }

  private static final Map<Mode, String> MODES = new EnumMap<>(Mode.class);

  static {
    for (Mode mode : Mode.values()) {
      MODES.put(mode, mode.name().toLowerCase(Locale.ROOT));
    }
  }

  private final ViewSettings settings;
  private final List<Member> members;
  private final ViewMeters meters;
  private final SizeEstimate size = new SizeEstimate();

  View(ViewSettings settings, Map<String, SourceClient> all, MeterRegistry registry) {
    this.settings = settings;
    this.members = needsFirst(settings.sources(), all).stream().map(Member::of).toList();
    this.meters = new ViewMeters(settings, registry);
  }

  /** In the listed order, but each behind its needs; the settings refuse cycles. */
  private static Set<SourceClient> needsFirst(List<String> listed, Map<String, SourceClient> all) {
    Set<SourceClient> ordered = new LinkedHashSet<>();
    listed.forEach(name -> addAfterNeeds(name, all, ordered));
    return ordered;
  }

  private static void addAfterNeeds(
      String name, Map<String, SourceClient> all, Set<SourceClient> ordered) {
    SourceClient source = Objects.requireNonNull(all.get(name));
    source.settings().needs().forEach(need -> addAfterNeeds(need, all, ordered));
    ordered.add(source);
  }

  public String name() {
    return settings.name();
  }

  /** The view's own; a caller may shorten it. */
  public Duration deadline() {
    return settings.deadline();
  }

  /**
   * The mode to fetch it in.
   *
   * @param asked the caller's choice; null for the view's own
   * @param pointer where that stands in the request
   * @throws Failure of kind {@code INVALID} where the view does not allow it
   */
  public Mode mode(@Nullable String asked, String pointer) {
    if (asked == null) {
      return settings.mode();
    }
    for (Mode mode : settings.modes()) {
      if (json(mode).equals(asked)) {
        return mode;
      }
    }
    String allowed =
        settings.modes().stream().map(View::json).sorted().collect(Collectors.joining(", "));
    throw Failure.invalid(pointer, "this view allows the modes: " + allowed);
  }

  /** What one answer takes of memory, from what others took. */
  public SizeEstimate size() {
    return size;
  }

  static String json(Mode mode) {
    return Objects.requireNonNull(MODES.get(mode));
  }

  void record(Mode mode, Verdict verdict, List<SourceResult> results, long nanos) {
    meters.record(mode, verdict, results, nanos);
  }

  ViewSettings settings() {
    return settings;
  }

  /** In the order of {@code sequential}: as listed, but each behind its needs. */
  List<Member> members() {
    return members;
  }
}
