package io.sluice.component;

import java.util.List;

/// The loops of the process. The first of each family is the home of what exists once.
public interface Loops {
  List<Loop> all();

  default Loop home(Loop.Family family) {
    return all().stream().filter(loop -> loop.family() == family).findFirst().orElseThrow();
  }
}
