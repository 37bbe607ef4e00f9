package engram.memory;

/** The leases of a process that has its data alone: everyone in it asks the same object. */
class ProcessLeasesTest extends LeasesContract {
    private final Leases leases = new ProcessLeases();

    @Override
    protected Leases openLeases() {
        return leases;
    }
}
