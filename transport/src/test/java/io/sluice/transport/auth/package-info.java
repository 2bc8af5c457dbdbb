/// Tests of the package of this name.
@NullMarked
package io.sluice.transport.auth;

import org.jspecify.annotations.NullMarked;
