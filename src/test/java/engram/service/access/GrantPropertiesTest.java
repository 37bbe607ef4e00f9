package engram.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.InvalidInput;
import engram.error.NotAllowed;
import engram.error.NotFound;
import engram.memory.Filter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random grants against a model that asks every grant by hand. */
class GrantPropertiesTest {
    private static final List<String> SPACES = List.of("a", "ab", "abc", "b", "a.b", "a-1", "team-x", "team-y", "team");
    private static final List<String> PATTERNS = List.of("*", "a", "a*", "ab", "ab*", "b", "team-*", "team*", "a.*");
    private static final List<String> AGENTS = List.of("ada", "bob", "eve", "Ada");

    @Test
    void addsGrantsUpAsTheModelDoes() {
        long seed = Long.getLong("engram.seed", System.nanoTime());
        System.out.println("GrantPropertiesTest: engram.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            List<Grant> grants = new ArrayList<>();
            for (int count = random.nextInt(5); count > 0; count--) {
                grants.add(grant(random));
            }
            Caller caller = Caller.of(new AccessKey(
                    "id", "n", "", Instant.EPOCH, Optional.empty(), Optional.empty(), grants, Optional.empty()));
            for (String space : SPACES) {
                for (Right right : Right.values()) {
                    check(caller, grants, space, right);
                }
            }
            assertThat(caller.isAdministrator())
                    .isEqualTo(grants.stream()
                            .anyMatch(grant ->
                                    grant.space().equals("*") && grant.rights().contains(Right.ADMIN)));
        }
    }

    private static void check(Caller caller, List<Grant> grants, String space, Right right) {
        boolean any = false;
        for (String agent : AGENTS) {
            boolean expected = false;
            for (Grant grant : grants) {
                expected |= covers(grant.space(), space)
                        && (grant.rights().contains(right) || grant.rights().contains(Right.ADMIN))
                        && (grant.agents().isEmpty() || grant.agents().contains(agent));
            }
            any |= expected;
            assertThat(caller.scope(space, right).includes(agent))
                    .as("%s %s %s by %s", space, right, agent, grants)
                    .isEqualTo(expected);
        }
        assertThat(caller.may(space, right)).isEqualTo(any);
        if (any) {
            assertThatCode(() -> caller.require(space, right)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> caller.require(space, right))
                    .isInstanceOf(caller.may(space, Right.READ) ? NotAllowed.class : NotFound.class);
        }
    }

    private static boolean covers(String pattern, String space) {
        return pattern.endsWith("*")
                ? space.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(space);
    }

    private static Right right(Random random) {
        return List.of(Right.values()).get(random.nextInt(Right.values().length));
    }

    private static Grant grant(Random random) {
        Set<Right> rights = EnumSet.of(right(random), right(random));
        Set<String> agents = new TreeSet<>();
        if (!rights.contains(Right.ADMIN) && random.nextBoolean()) {
            agents.add(AGENTS.get(random.nextInt(AGENTS.size())));
            agents.add(AGENTS.get(random.nextInt(AGENTS.size())));
        }
        return Grant.of(PATTERNS.get(random.nextInt(PATTERNS.size())), rights, agents);
    }

    @Test
    void narrowsFilters() {
        assertThat(AgentScope.EVERYONE.narrow(Filter.ALL)).isEqualTo(Filter.ALL);
        AgentScope ada = AgentScope.of(Set.of("ada"));
        Filter own = ada.narrow(Filter.ALL);
        assertThat(own).isInstanceOf(Filter.In.class);
        Filter anything = new Filter.Or(List.of(Filter.ALL, own));
        assertThat(ada.narrow(anything)).isEqualTo(new Filter.And(List.of(anything, own)));
        assertThat(AgentScope.NOBODY.narrow(Filter.ALL)).isEqualTo(new Filter.In(new Filter.Field.Agent(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "**", "a**", "*a", "A", "a b", "-a", "a/b", "%61", "ä", "a\n", ".."})
    void refusesPatternsThatAreNone(String pattern) {
        assertThatThrownBy(() -> Grant.of(pattern, Set.of(Right.READ), Set.of()))
                .isInstanceOf(InvalidInput.class);
    }
}
