/// `oauth2client`: shows those we send to an access token of OAuth 2.0, got by client credentials.
///
/// There is one token for all that send, and one request for it at a time. It is renewed in the background
/// before it ends, and anew when a destination does not believe it.
@org.jspecify.annotations.NullMarked
package io.sluice.extensions.oauth2client;
