/// `health_check`: answers whether the gateway takes data, in the Collector's words on the Collector's
/// path, and beside it how each component is.
///
/// The main path says nothing about destinations: a dead backend must not get the pod killed. `/status`
/// does, in the shape of the Collector's healthcheckv2.
@org.jspecify.annotations.NullMarked
package io.sluice.extensions.healthcheck;
