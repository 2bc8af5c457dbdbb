package io.sluice.service;

import io.sluice.component.Budget;
import io.sluice.component.ComponentContext.Build;
import io.sluice.component.Loops;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.Telemetry;
import java.time.InstantSource;

/// What a gateway stands on; outlives every plan it runs.
public record Environment(
    Loops loops, Budget budget, Telemetry telemetry, Log log, InstantSource clock, Build build) {}
