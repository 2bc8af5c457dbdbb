/// What extensions implement to authenticate those who send to us, and us where we send to.
@org.jspecify.annotations.NullMarked
package io.sluice.transport.auth;
