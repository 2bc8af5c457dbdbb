package io.sluice.processors.attributes;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Findings;
import io.sluice.processors.attraction.ActionConfig;
import java.util.List;
import java.util.Optional;

/// `attributes`.
public record AttributesConfig(
    @Doc("Which records to change; without it, all.") @EmptyIsOff Optional<MatchConfig> include,
    @Doc("Which of those to leave as they are.") @EmptyIsOff Optional<MatchConfig> exclude,
    @Doc("What to do, in this order.") List<ActionConfig> actions)
    implements Checked {
  public static AttributesConfig defaults() {
    return new AttributesConfig(Optional.empty(), Optional.empty(), List.of());
  }

  @Override
  public void check(Findings findings) {
    ActionConfig.check(actions, "actions", findings);
  }
}
