package engram;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * The floors of the house and the confinements of its libraries. A floor may be empty; a package that stands on no floor
 * is a violation, so a new package is first given its place here.
 */
class ArchitectureTest {
    /** From the ground up: a package uses packages on lower floors only, never one above or beside it. */
    private static final List<Set<String>> FLOORS = List.of(
            // Both are the ground floor, but every package reports its failures as exceptions of error, run too.
            Set.of("error"),
            Set.of("run"),
            Set.of("environment", "tensor", "feature"),
            Set.of("encoder", "task"),
            Set.of("memory"),
            Set.of("replay"),
            Set.of("agent"),
            Set.of("training", "program"),
            Set.of("tuning", "skill", "deployment"),
            Set.of("service"),
            Set.of("api", "mcp"));

    private static final Map<String, Integer> FLOOR_OF = floorOf();

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("engram");

    @Test
    void everyPackageStandsOnAFloorAndUsesLowerFloorsOnly() {
        check(classes().should(useLowerFloorsOnly()));
    }

    @Test
    void storesSeeNothingOfEachOther() {
        check(noClasses()
                .that()
                .resideInAPackage("engram.memory.embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("engram.memory.redis.."));
        check(noClasses()
                .that()
                .resideInAPackage("engram.memory.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("engram.memory.embedded.."));
    }

    @Test
    void theStoreInterfaceKnowsNoStore() {
        check(noClasses()
                .that()
                .resideInAPackage("engram.memory..")
                .and()
                .resideOutsideOfPackages("engram.memory.embedded..", "engram.memory.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("engram.memory.embedded..", "engram.memory.redis.."));
    }

    @Test
    void librariesStayWhereTheyBelong() {
        assertAll(
                () -> confine(Set.of("engram.tensor.."), "ai.djl.."),
                () -> confine(Set.of("engram.encoder.."), "dev.langchain4j..", "ai.onnxruntime.."),
                () -> confine(Set.of("engram.memory.embedded.."), "org.apache.lucene.."),
                () -> confine(Set.of("engram.memory.embedded.."), "java.sql..", "javax.sql..", "org.sqlite.."),
                // The service hands the client over.
                () -> confine(
                        Set.of("engram.memory.redis..", "engram.service"), "io.vertx.redis..", "io.quarkus.redis.."),
                () -> confine(Set.of("engram.api..", "engram.mcp.."), "jakarta.ws.rs..", "org.jboss.resteasy.."),
                () -> confine(
                        Set.of("engram.service..", "engram.api..", "engram.mcp.."),
                        "jakarta.enterprise..",
                        "jakarta.inject..",
                        "org.eclipse.microprofile..",
                        "io.smallrye.."),
                () -> confine(
                        Set.of("engram.service..", "engram.api..", "engram.mcp..", "engram.memory.redis.."),
                        "io.quarkus.."));
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass type : PRODUCT) {
            JavaPackage home = type.getPackage();
            if (home.tryGetPackageInfo()
                    .filter(info -> info.isAnnotatedWith(NullMarked.class))
                    .isEmpty()) {
                unmarked.add(home.getName());
            }
        }
        assertThat(unmarked)
                .as("packages whose package-info.java is missing or not @NullMarked")
                .isEmpty();
    }

    @Test
    void namesSayWhatAClassIs() {
        check(classes()
                .should()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils"));
    }

    private static void confine(Set<String> homes, String... libraries) {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(homes.toArray(String[]::new))
                .should()
                .dependOnClassesThat(resideInAnyPackage(libraries))
                .as(String.join(", ", libraries) + " only in " + homes));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(PRODUCT);
    }

    private static Map<String, Integer> floorOf() {
        Map<String, Integer> floors = new HashMap<>();
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            for (String name : FLOORS.get(floor)) {
                floors.put(name, floor);
            }
        }
        return Map.copyOf(floors);
    }

    /** The name of the package of the house that {@code type} lives in; empty where it lives directly in the root. */
    private static String homeOf(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.", 3);
        return parts.length < 2 ? "" : parts[1];
    }

    private static ArchCondition<JavaClass> useLowerFloorsOnly() {
        return new ArchCondition<>("stand on a floor and use lower floors only") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String home = homeOf(type);
                Integer floor = FLOOR_OF.get(home);
                if (floor == null) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " stands on no floor"));
                    return;
                }
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass used = dependency.getTargetClass();
                    if (!resideInAPackage("engram..").test(used) || homeOf(used).equals(home)) {
                        continue;
                    }
                    if (FLOOR_OF.getOrDefault(homeOf(used), FLOORS.size()) >= floor) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            }
        };
    }
}
