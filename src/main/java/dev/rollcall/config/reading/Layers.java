package dev.rollcall.config.reading;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds values in the file, the environment and the flags, of which the later wins. */
public final class Layers {
  /**
   * A value.
   *
   * @param node with its references replaced
   * @param shown for faults, with its references as they were written
   * @param origin for faults; empty for the file
   */
  public record Found(JsonNode node, String shown, String origin) {}

  private static final String PREFIX = "ROLLCALL_";
  private static final Pattern CAMEL = Pattern.compile("([a-z0-9])([A-Z])");

  /** Chosen names may have a hyphen, which no shell allows in a variable. */
  private static final Pattern SEPARATOR = Pattern.compile("[.-]");

  /**
   * The variables that Kubernetes sets for each service. Those of one called {@code rollcall} begin
   * as ours do; {@code rollcall-http} even sets {@code ROLLCALL_HTTP_PORT=tcp://10.0.0.1:8080}.
   */
  private static final Pattern SERVICE_NAME =
      Pattern.compile(".*_SERVICE_(HOST|PORT(_.+)?)|.*_PORT_[0-9]+_(TCP|UDP|SCTP)(_.+)?");

  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private final Map<String, String> env;
  private final Map<String, String> sets = new LinkedHashMap<>();
  private final Faults faults;
  private final Set<String> keys = new LinkedHashSet<>();

  /** The variables that were looked for, each with its first key. */
  private final Map<String, String> variables = new LinkedHashMap<>();

  public Layers(Map<String, String> env, List<String> sets, Faults faults) {
    this.env = env;
    this.faults = faults;
    for (String set : sets) {
      int equals = set.indexOf('=');
      if (equals <= 0) {
        faults.add("--set", Faults.quoted(set), "KEY=VALUE, such as http.port=8080");
      } else {
        this.sets.put(set.substring(0, equals), set.substring(equals + 1));
      }
    }
  }

  /** The environment variable of a key: {@code ROLLCALL_HTTP_BODY_LIMIT} for http.bodyLimit. */
  public static String variable(String key) {
    String words = CAMEL.matcher(SEPARATOR.matcher(key).replaceAll("_")).replaceAll("$1_$2");
    return PREFIX + words.toUpperCase(Locale.ROOT);
  }

  /**
   * The value of a key; faults don't show a secret one. Empty where its references are at fault.
   */
  public Optional<Found> find(String key, @Nullable JsonNode inFile, boolean secret) {
    String variable = variable(key);
    keys.add(key);
    String namesake = variables.putIfAbsent(variable, key);
    String flag = sets.get(key);
    if (flag != null) {
      return resolved(key, flag, " (from --set)", secret);
    }
    String fromEnv = env.get(variable);
    if (fromEnv != null && !fromEnv.isEmpty() && !isServiceAddress(variable, fromEnv)) {
      if (namesake != null && !namesake.equals(key)) {
        faults.add(
            Faults.line(
                "environment variable " + variable,
                "means both " + namesake + " and " + key,
                "names that differ in more than case and hyphens"));
      }
      String origin = " (from the environment variable " + variable + ")";
      String shown = secret ? Rule.HIDDEN : Faults.quoted(fromEnv);
      return Optional.of(new Found(new TextNode(fromEnv), shown, origin));
    }
    if (inFile == null) {
      return Optional.empty();
    }
    return inFile.isTextual()
        ? resolved(key, inFile.asText(), "", secret)
        : Optional.of(new Found(inFile, secret ? Rule.HIDDEN : Faults.shown(inFile), ""));
  }

  /**
   * The elements of a key with several: of a list in the file, or of a text with separators from
   * anywhere. Empty where the key is left out; elements with faulty references are left out.
   */
  public Optional<List<Found>> findAll(String key, @Nullable JsonNode inFile, Pattern separator) {
    return find(key, inFile, false).map(found -> elements(key, found, separator));
  }

  private List<Found> elements(String key, Found found, Pattern separator) {
    JsonNode node = found.node();
    List<Found> elements = new ArrayList<>();
    if (node.isTextual() && !node.asText().isBlank()) {
      for (String part : separator.split(node.asText(), -1)) {
        elements.add(new Found(new TextNode(part.strip()), found.shown(), found.origin()));
      }
    } else if (node.isArray()) {
      for (JsonNode element : node) {
        Optional<Found> resolved =
            element.isTextual()
                ? resolved(key, element.asText(), "", false)
                : Optional.of(new Found(element, Faults.shown(element), ""));
        resolved.ifPresent(elements::add);
      }
    } else if (!node.isTextual()) {
      elements.add(found);
    }
    return elements;
  }

  /** A variable of the environment that is no key of ours; empty text is none. */
  Optional<String> standard(String name) {
    return Optional.ofNullable(env.get(name)).filter(value -> !value.isBlank());
  }

  /** The JSON of a key, which faults don't show. Empty where it or a reference is at fault. */
  Optional<JsonNode> findJson(String key, @Nullable JsonNode inFile) {
    return find(key, inFile, true).flatMap(found -> json(key, found));
  }

  private Optional<JsonNode> json(String key, Found found) {
    JsonNode node = found.node();
    if (found.origin().isEmpty()) {
      return node.isTextual()
          ? Optional.of(node)
          : JsonCopy.of(node, text -> resolved(key, text, "", true).map(Found::node));
    }
    try {
      return Optional.of(JsonCopy.parsed(node.asText()));
    } catch (JsonProcessingException e) {
      faults.add(key, found.shown(), "JSON" + found.origin());
      return Optional.empty();
    }
  }

  /** The names right below a key in the flags. */
  public Set<String> namesBelow(String key) {
    Set<String> names = new LinkedHashSet<>();
    for (String given : sets.keySet()) {
      if (given.startsWith(key + ".")) {
        names.add(given.substring(key.length() + 1).split("\\.", 2)[0]);
      }
    }
    return names;
  }

  /** Whether a key, or one below it, has a value. */
  public boolean gives(String key, @Nullable JsonNode inFile) {
    return sets.containsKey(key)
        || !env.getOrDefault(variable(key), "").isEmpty()
        || (inFile != null && !inFile.isNull())
        || !namesBelow(key).isEmpty();
  }

  /** Ignores the flags below a key that is itself at fault. */
  public void ignoreBelow(String key) {
    sets.keySet().removeIf(given -> given.startsWith(key + "."));
  }

  private Optional<Found> resolved(String key, String text, String origin, boolean secret) {
    References references = References.resolve(text, env);
    String shown = secret ? Rule.HIDDEN : Faults.quoted(text);
    if (references.text() == null) {
      faults.add(key, shown, references.fault() + origin);
      return Optional.empty();
    }
    return Optional.of(new Found(new TextNode(references.text()), shown, origin));
  }

  /** Every key that was looked for so far. */
  public Set<String> keys() {
    return keys;
  }

  /** Records a fault for each flag with an unknown key. */
  public void refuseUnknownFlags() {
    for (String key : sets.keySet()) {
      if (!keys.contains(key)) {
        String meant =
            Nearest.to(key, keys)
                .map(near -> "did you mean " + near + "?")
                .orElse("conf/rollcall.yaml lists the keys");
        faults.add(Faults.shortened(key) + ": unknown key in --set; " + meant);
      }
    }
  }

  /** Warns of unknown variables, which are no fault: others may use our prefix. Hides values. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    List<String> services = new ArrayList<>();
    new TreeMap<>(env)
        .forEach(
            (name, value) -> {
              if (!name.startsWith(PREFIX)) {
                return;
              }
              if (isServiceAddress(name, value)
                  || (!variables.containsKey(name) && isServiceName(name))) {
                services.add(name);
              } else if (!variables.containsKey(name)) {
                warnings.add("environment variable " + name + " is no setting" + meant(name));
              }
            });
    if (!services.isEmpty()) {
      String names = String.join(", ", services);
      warnings.add("environment variables " + names + " look like Kubernetes' own and are ignored");
    }
    return List.copyOf(warnings);
  }

  private String meant(String name) {
    return Nearest.to(name, variables.keySet())
        .map(near -> "; did you mean " + near + "?")
        .orElse("");
  }

  private static boolean isServiceName(String name) {
    return SERVICE_NAME.matcher(name).matches();
  }

  private static boolean isServiceAddress(String name, String value) {
    return name.endsWith("_PORT") && SERVICE_ADDRESS.matcher(value).matches();
  }
}
