/// TLS from files.
@NullMarked
package io.sluice.transport.tls;

import org.jspecify.annotations.NullMarked;
