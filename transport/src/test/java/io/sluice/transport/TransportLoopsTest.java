package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransportLoopsTest {
  @Test
  void loopsOfBothFamiliesAreThreadsOfTheirOwn() throws Exception {
    try (var loops = TransportLoops.of(2, 2)) {
      var names = new ArrayList<String>();
      for (var loop : loops.all()) {
        names.add(nameOf(loop));
      }
      assertThat(names).doesNotHaveDuplicates();
      assertThat(names).filteredOn(name -> name.startsWith("sluice-grpc-")).hasSize(2);
      assertThat(names).filteredOn(name -> name.startsWith("sluice-http-")).hasSize(2);
    }
  }

  @Test
  void twoProcessorsGetOneLoopOfEachFamily() {
    try (var loops = TransportLoops.forProcessors(2)) {
      assertThat(loops.all())
          .extracting(Loop::family)
          .containsExactly(Loop.Family.GRPC, Loop.Family.HTTP);
    }
  }

  @ParameterizedTest
  @EnumSource(Loop.Family.class)
  void tasksAndTimersRunOnTheLoop(Loop.Family family) throws Exception {
    try (var loops = TransportLoops.of(1, 1)) {
      var loop = loops.home(family);
      var done = new CompletableFuture<List<Boolean>>();
      assertThat(loop.inLoop()).isFalse();
      loop.execute(() -> {
        boolean task = loop.inLoop();
        loop.schedule(Duration.ofMillis(1), () -> done.complete(List.of(task, loop.inLoop())));
      });
      assertThat(done.get()).containsExactly(true, true);
    }
  }

  @ParameterizedTest
  @EnumSource(Loop.Family.class)
  void cancelledTimerDoesNotRun(Loop.Family family) throws Exception {
    try (var loops = TransportLoops.of(1, 1)) {
      var loop = loops.home(family);
      var ran = new CompletableFuture<String>();
      loop.execute(() -> {
        var timer = loop.schedule(Duration.ofMillis(1), () -> ran.complete("cancelled one"));
        timer.cancel();
        loop.schedule(Duration.ofMillis(20), () -> ran.complete("later one"));
      });
      assertThat(ran.get()).isEqualTo("later one");
    }
  }

  private static String nameOf(Loop loop) throws Exception {
    var name = new CompletableFuture<String>();
    loop.execute(() -> name.complete(Thread.currentThread().getName()));
    return name.get();
  }
}
