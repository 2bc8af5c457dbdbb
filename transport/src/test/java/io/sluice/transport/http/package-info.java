/// HTTP clients against real servers on loopback.
@NullMarked
package io.sluice.transport.http;

import org.jspecify.annotations.NullMarked;
