package engram.service.command;

/** One thing that can be done from the command line. Stateless. */
interface Command {
    /** The word that calls it. */
    String name();

    /** What it does, in one line. */
    String summary();

    /** What more there is to know, in a few lines; empty if nothing. */
    default String details() {
        return "";
    }

    Syntax syntax();

    /**
     * Does it.
     *
     * @return whether everything is as it should be; false becomes exit code 1
     * @throws engram.error.EngramException if it is refused or fails
     * @throws WrongUsage if the arguments do not fit together
     */
    boolean run(Call call) throws WrongUsage;
}
