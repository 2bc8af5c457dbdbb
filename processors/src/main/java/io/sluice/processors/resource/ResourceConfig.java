package io.sluice.processors.resource;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.processors.attraction.ActionConfig;
import java.util.List;

/// `resource`.
public record ResourceConfig(@Doc("What to do, in this order.") List<ActionConfig> attributes)
    implements Checked {
  public static ResourceConfig defaults() {
    return new ResourceConfig(List.of());
  }

  @Override
  public void check(Findings findings) {
    ActionConfig.check(attributes, "attributes", findings);
  }
}
