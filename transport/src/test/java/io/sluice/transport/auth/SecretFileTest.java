package io.sluice.transport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.OnLoop;
import io.sluice.testkit.TestLoop;
import io.sluice.transport.TransportLoops;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
  private final List<String> taken = new ArrayList<>();

  private SecretFile file(Path path, Loop loop) {
    var context = Contexts.of(Kind.EXTENSION, "key", loop);
    return new SecretFile("key_file", path.toString(), context, taken::add);
  }

  @Test
  void whatIsHalfWrittenIsNotTaken() {
    var file = file(Path.of("none"), new TestLoop());
    file.seen("ann:old");
    file.seen("ann:old");
    file.seen("ann:n");
    file.seen("ann:new");
    assertThat(taken).containsExactly("ann:old");
    file.seen("ann:new");
    file.seen("ann:new");
    assertThat(taken).containsExactly("ann:old", "ann:new");
    file.seen("ann:");
    file.seen("ann:new");
    assertThat(taken).hasSize(2);
  }

  @Test
  void emptyFileIsNoSecret(@TempDir Path folder) throws Exception {
    var path = Files.writeString(folder.resolve("key"), " \n");
    try (var loops = TransportLoops.of(1, 1)) {
      var loop = loops.home(Loop.Family.HTTP);
      assertThatThrownBy(() -> OnLoop.<Void>run(loop, file(path, loop)::start))
          .hasMessageContaining("key_file: ")
          .hasMessageContaining("is empty");
    }
    assertThat(taken).isEmpty();
  }
}
