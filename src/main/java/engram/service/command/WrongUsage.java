package engram.service.command;

/** A command line that cannot be understood; the message names the argument. */
final class WrongUsage extends Exception {
    private static final long serialVersionUID = 1L;

    WrongUsage(String message) {
        super(message);
    }
}
