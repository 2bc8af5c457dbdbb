package io.sluice.processors.attributes;

import io.sluice.component.ComponentContext;
import io.sluice.component.Processor;
import io.sluice.component.ProcessorFactory;
import io.sluice.component.Stability;
import io.sluice.data.RecordPatch;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.processors.attraction.Actions;
import io.sluice.processors.attraction.PatchProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

public final class AttributesFactory implements ProcessorFactory<AttributesConfig> {
  @Override
  public String type() {
    return "attributes";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(
        Signal.TRACES, Stability.BETA,
        Signal.METRICS, Stability.BETA,
        Signal.LOGS, Stability.BETA);
  }

  @Override
  public AttributesConfig defaults() {
    return AttributesConfig.defaults();
  }

  @Override
  public List<String> objections(AttributesConfig config, Signal signal) {
    var objections = new ArrayList<String>();
    config.include().ifPresent(match -> object("include", match, signal, objections));
    config.exclude().ifPresent(match -> object("exclude", match, signal, objections));
    return objections;
  }

  private static void object(
      String section, MatchConfig match, Signal signal, List<String> objections) {
    for (var name : match.unknownTo(signal)) {
      objections.add(section + "::" + name + " means nothing for " + signal);
    }
  }

  @Override
  public Processor create(AttributesConfig config, ComponentContext context, BatchSink next) {
    return new PatchProcessor(patch(config), context, next);
  }

  private static RecordPatch patch(AttributesConfig config) {
    var actions = new Actions(config.actions());
    if (config.include().isEmpty() && config.exclude().isEmpty()) {
      return RecordPatch.ofRecords(actions);
    }
    var include = config.include().map(Match::new).stream().toList();
    var exclude = config.exclude().map(Match::new).stream().toList();
    return RecordPatch.ofRecords(actions, Match.selection(include, exclude));
  }
}
