/// The whole: a plan, the graph built from it, and the gateway that runs it.
@org.jspecify.annotations.NullMarked
package io.sluice.service;
