package io.sluice.testkit;

import io.sluice.component.Budget;
import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Health;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Status;
import io.sluice.service.ByteBudget;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.Telemetry;
import io.sluice.wire.ArrayPool;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Contexts for components under test.
public final class Contexts {
  private static final long BUDGET_BYTES = 256 << 20;

  private Contexts() {}

  public static ComponentContext of(Kind kind, String id, Loop... loops) {
    return of(kind, id, Telemetry.silent(), loops);
  }

  public static ComponentContext of(Kind kind, String id, Telemetry telemetry, Loop... loops) {
    return new ComponentContext(
        kind,
        ComponentId.parse(id),
        loops[0],
        () -> List.of(loops),
        new ByteBudget(BUDGET_BYTES, ArrayPool.poisoned(BUDGET_BYTES)),
        telemetry,
        Log.NONE,
        Status.Reporter.NONE,
        new Ready(),
        ComponentContext.Extensions.NONE,
        InstantSource.system(),
        new ComponentContext.Build("sluice", "Sluice", "test"));
  }

  public static ComponentContext with(Budget budget, ComponentContext context) {
    return copy(context, budget, context.log(), context.extensions(), context.clock());
  }

  public static ComponentContext with(Log log, ComponentContext context) {
    return copy(context, context.budget(), log, context.extensions(), context.clock());
  }

  public static ComponentContext with(
      ComponentContext.Extensions extensions, ComponentContext context) {
    return copy(context, context.budget(), context.log(), extensions, context.clock());
  }

  public static ComponentContext at(InstantSource clock, ComponentContext context) {
    return copy(context, context.budget(), context.log(), context.extensions(), clock);
  }

  private static ComponentContext copy(
      ComponentContext context,
      Budget budget,
      Log log,
      ComponentContext.Extensions extensions,
      InstantSource clock) {
    return new ComponentContext(
        context.kind(),
        context.id(),
        context.loop(),
        context.loops(),
        budget,
        context.telemetry(),
        log,
        context.status(),
        context.health(),
        extensions,
        clock,
        context.build());
  }

  private static final class Ready implements Health {
    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public Instant startedAt() {
      return Instant.EPOCH;
    }

    @Override
    public Instant readySince() {
      return Instant.EPOCH;
    }

    @Override
    public Map<String, Map<String, Status>> components() {
      return Map.of();
    }
  }
}
