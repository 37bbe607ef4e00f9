package engram.memory;

class InMemoryDocumentsTest extends DocumentsContract {
    private final InMemoryDocuments documents = new InMemoryDocuments();

    @Override
    protected Documents openDocuments() {
        return documents;
    }
}
