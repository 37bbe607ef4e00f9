package engram.memory;

class InMemoryLeasesTest extends LeasesContract {
    private final InMemoryLeases leases = new InMemoryLeases();

    @Override
    protected Leases openLeases() {
        return leases.replica();
    }
}
