package engram.service.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    private static final Syntax SYNTAX = Syntax.of(
            List.of(Syntax.Operand.required("SPACE", "a space"), Syntax.Operand.optional("FILE", "a file")),
            new Syntax.Option("--url", "ADDRESS", "an address"),
            Syntax.Option.flag("--create", "makes it"));

    @Test
    void takesOptionsAnywhereAndInBothForms() throws WrongUsage {
        for (String line : List.of("--url=u world f", "world --url u f", "world f --url u")) {
            Arguments arguments = parse(line);
            assertThat(arguments.required("SPACE")).isEqualTo("world");
            assertThat(arguments.operand("FILE")).contains("f");
            assertThat(arguments.option("--url")).contains("u");
            assertThat(arguments.has("--create")).isFalse();
        }
        assertThat(parse("--create world").has("--create")).isTrue();
    }

    @Test
    void leavesOutWhatIsNotThere() throws WrongUsage {
        Arguments arguments = parse("world");
        assertThat(arguments.operand("FILE")).isEmpty();
        assertThat(arguments.option("--url")).isEmpty();
        assertThat(arguments.settings()).isEmpty();
    }

    @Test
    void takesADashForAFileAndEverythingAfterTwo() throws WrongUsage {
        assertThat(parse("world -").operand("FILE")).contains("-");
        Arguments arguments = parse("-- --url --create");
        assertThat(arguments.required("SPACE")).isEqualTo("--url");
        assertThat(arguments.operand("FILE")).contains("--create");
    }

    @Test
    void takesSettings() throws WrongUsage {
        assertThat(parse("world -Dengram.data-dir=a=b -Dx=").settings())
                .isEqualTo(Map.of("engram.data-dir", "a=b", "x", ""));
    }

    @Test
    void takesAFilterWithADashForAValue() throws WrongUsage {
        assertThat(parse("world --url -1").option("--url")).contains("-1");
    }

    @Test
    void askingForHelpNeedsNothingElse() throws WrongUsage {
        assertThat(parse("--help").has("--help")).isTrue();
        assertThat(parse("-h").has("--help")).isTrue();
        assertThat(parse("a b c --help").has("--help")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'', SPACE is missing",
        "world f g, the argument 'g' is one too many",
        "world --ulr x, there is no option '--ulr'; did you mean '--url'?",
        "world -x, there is no option '-x'",
        "world -D, there is no option '-D'",
        "world --url, the option --url needs a value: --url ADDRESS",
        "world --url --create, the option --url needs a value: --url ADDRESS",
        "world --url=, the option --url needs a value: --url ADDRESS",
        "world --create=yes, 'the option --create takes no value, but has ''yes'''",
        "world --url a --url=b, the option --url is given twice",
        "world --create --create, the option --create is given twice",
    })
    void namesWhatIsWrong(String line, String message) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(WrongUsage.class).hasMessageStartingWith(message);
    }

    @Test
    void anEmptyNameIsNoName() {
        assertThatThrownBy(() -> Arguments.parse(SYNTAX, List.of(""))).hasMessage("SPACE is empty");
    }

    private static Arguments parse(String line) throws WrongUsage {
        return Arguments.parse(SYNTAX, line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));
    }
}
