package engram.api;

/** Descriptions and defaults of parameters that many paths have. */
final class Parameters {
    static final int DEFAULT_LIMIT = 100;

    static final String SPACE = "The name of the space";
    static final String SPACE_PATTERN = "^[a-z0-9][a-z0-9._-]{0,63}$";
    static final String ID = "The id of the memory";
    static final String AGENT = "The agent";
    static final String LIMIT = "The size of the page: 100 where it is absent, engram.limits.page-size at most";
    static final String CURSOR = "The nextCursor of the page before, of the same query";
    static final String IF_MATCH = "The ETag that the thing must have; otherwise nothing changes and the answer is 412";
    static final String ETAG = "The revision, for If-Match";
    static final String IDEMPOTENCY_KEY =
            "Makes the write happen once, however often it is sent: the answer to a repeated"
                    + " key is that to the first. Up to 128 characters, unique among the writes to the space, remembered for"
                    + " engram.idempotency.retention";

    private Parameters() {}
}
