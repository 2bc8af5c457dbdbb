package io.sluice.service;

import io.sluice.component.AnyCase;
import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.telemetry.Telemetry.Level;
import java.util.List;
import java.util.Optional;

/// `service::telemetry::traces`: accepted; the gateway records no spans of its own.
public record TracesConfig(
    @Doc("How much is recorded: none, basic, normal or detailed.") @AnyCase Level level,
    @Doc("Formats in which a trace context is read and passed on.") List<String> propagators,
    @Doc("Where own spans go.") List<Object> processors,
    @Doc("Which own spans are recorded.") Optional<Object> sampler)
    implements Checked {
  public static TracesConfig defaults() {
    return new TracesConfig(
        Level.NORMAL, List.of("tracecontext", "b3"), List.of(), Optional.empty());
  }

  @Override
  public void check(Findings findings) {
    if (!processors.isEmpty()) {
      findings.warning("processors", "not supported yet; the gateway records no spans of its own");
    }
  }
}
