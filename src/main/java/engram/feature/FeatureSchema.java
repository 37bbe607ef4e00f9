package engram.feature;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.FieldError;
import engram.error.InvalidInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a space says about its states: which fields they have and into how many features they go. Immutable. Slots are
 * given in this order: numeric fields, categorical fields (one slot per category), the grid, and all that is left to
 * undeclared numbers; or an observation vector, and all that is left to undeclared numbers of actions.
 *
 * <p>A field is named by the keys from the root of the state joined by dots ({@code perception.grid}); a dot or
 * backslash that belongs to a key is written with a backslash before it. An element of an array is named by its index
 * ({@code position.0}), at the root of the state by its index in brackets ({@code [0]}).
 *
 * @param inputs how many features a state becomes, 1 to {@value #MAX_INPUTS}
 * @param numeric the declared numbers, in the order of their slots
 * @param categorical the declared categories, in the order of their slots
 * @param grid the perception grid, null without one
 * @param observation the bounds of an observation vector, null for states with named fields; it excludes all other
 *     declarations
 */
public record FeatureSchema(
        int inputs,
        List<Numeric> numeric,
        List<Categorical> categorical,
        @Nullable Grid grid,
        @Nullable Observation observation) {
    /** The version of the layout and of the name hash; to be kept with all that is computed from features. */
    public static final int FORMAT_VERSION = 1;

    /** The largest number of inputs. */
    public static final int MAX_INPUTS = 4096;

    static final int DEFAULT_INPUTS = 512;

    private static final FeatureSchema DEFAULTS = new FeatureSchema(
            DEFAULT_INPUTS,
            List.of(
                    new Numeric("health", 0, 100),
                    new Numeric("energy", 0, 100),
                    new Numeric("resources", 0, 1000),
                    new Numeric("x_position", -500, 500),
                    new Numeric("y_position", -500, 500)),
            List.of(
                    new Categorical("agent_type", List.of("harvester", "explorer", "defender", "builder")),
                    new Categorical("status", List.of("idle", "active", "sleeping", "engaged")),
                    new Categorical(
                            "current_action", List.of("move", "gather", "attack", "defend", "build", "rest", "none"))),
            new Grid("perception.grid", 256, List.of()),
            null);

    /**
     * A number with its range.
     *
     * @param field the path of the field
     * @param min becomes 0
     * @param max becomes 1; greater than {@code min}, both finite
     */
    public record Numeric(String field, double min, double max) {
        public Numeric {
            checkName(field);
            if (!Double.isFinite(min)) {
                throw new InvalidInput("min", "must be a finite number");
            }
            if (!Double.isFinite(max)) {
                throw new InvalidInput("max", "must be a finite number");
            }
            if (min >= max || !Double.isFinite(max - min)) {
                throw new InvalidInput("max", "must be greater than min by a finite distance: " + min + " to " + max);
            }
        }
    }

    /**
     * A string out of a fixed set, one slot each.
     *
     * @param field the path of the field
     * @param values the categories, distinct, in the order of their slots
     */
    public record Categorical(String field, List<String> values) {
        public Categorical {
            checkName(field);
            values = List.copyOf(values);
            if (values.isEmpty()) {
                throw new InvalidInput("", "must have at least one category");
            }
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < values.size(); i++) {
                if (!seen.add(values.get(i))) {
                    throw new InvalidInput("[" + i + "]", "is there twice: " + values.get(i));
                }
            }
        }
    }

    /**
     * A perception grid: rows of numbers, or a flat array of them.
     *
     * @param field the path of the grid; an array in the place of its parent is taken for the grid, too
     * @param slots the largest number of cells
     * @param shape rows and columns that every grid must have, or empty if they may vary
     */
    public record Grid(String field, int slots, List<Integer> shape) {
        public Grid {
            try {
                checkName(field);
            } catch (InvalidInput e) {
                throw e.under("field");
            }
            shape = List.copyOf(shape);
            if (slots < 1 || slots > MAX_INPUTS) {
                throw new InvalidInput("slots", "must be 1 to " + MAX_INPUTS + ", is " + slots);
            }
            if (!shape.isEmpty()
                    && (shape.size() != 2
                            || shape.get(0) < 1
                            || shape.get(1) < 1
                            || (long) shape.get(0) * shape.get(1) > slots)) {
                throw new InvalidInput(
                        "shape", "must be rows and columns of at most " + slots + " cells together, is " + shape);
            }
        }
    }

    /**
     * The bounds of an observation vector (a Gymnasium Box). An element of which either bound is missing, infinite or
     * beyond 1e30 is unbounded; such bounds are kept as infinities.
     *
     * @param low the lower bounds
     * @param high the upper bounds, as many, each greater than its lower one
     */
    public record Observation(List<Double> low, List<Double> high) {
        public Observation {
            low = low.stream().map(bound -> normal(bound)).toList();
            high = high.stream().map(bound -> normal(bound)).toList();
            if (low.isEmpty()) {
                throw new InvalidInput("low", "must have at least one bound");
            }
            if (low.size() != high.size()) {
                throw new InvalidInput("high", "must have " + low.size() + " bounds as low has, has " + high.size());
            }
            for (int i = 0; i < low.size(); i++) {
                if (Double.isNaN(low.get(i)) || low.get(i) == Double.POSITIVE_INFINITY) {
                    throw new InvalidInput("low[" + i + "]", "is no lower bound: " + low.get(i));
                }
                if (!(low.get(i) < high.get(i))) {
                    throw new InvalidInput(
                            "high[" + i + "]", "must be greater than low: " + low.get(i) + " to " + high.get(i));
                }
            }
        }

        private static double normal(double bound) {
            return Math.abs(bound) >= Scaling.UNBOUNDED ? Math.copySign(Double.POSITIVE_INFINITY, bound) : bound;
        }
    }

    public FeatureSchema {
        numeric = List.copyOf(numeric);
        categorical = List.copyOf(categorical);
        List<FieldError> errors = new ArrayList<>();
        if (inputs < 1 || inputs > MAX_INPUTS) {
            errors.add(new FieldError("inputs", "must be 1 to " + MAX_INPUTS + ", is " + inputs));
        }
        if (observation != null && (!numeric.isEmpty() || !categorical.isEmpty() || grid != null)) {
            errors.add(new FieldError("observation", "excludes numeric, categorical and grid"));
        }
        Map<List<String>, String> declared = new LinkedHashMap<>();
        numeric.forEach(n -> addDistinct(declared, n.field(), "numeric." + n.field(), errors));
        categorical.forEach(c -> addDistinct(declared, c.field(), "categorical." + c.field(), errors));
        if (grid != null) {
            addDistinct(declared, grid.field(), "grid.field", errors);
        }
        declared.forEach((path, where) -> {
            for (int length = 1; length < path.size(); length++) {
                String outer = declared.get(path.subList(0, length));
                if (outer != null) {
                    errors.add(new FieldError(where, "lies inside another declared field, " + outer));
                }
            }
        });
        int slots = slots(numeric, categorical, grid, observation);
        if (errors.isEmpty() && slots > inputs) {
            errors.add(new FieldError(
                    "inputs", "the declared fields need " + slots + " slots and do not fit " + inputs + " inputs"));
        }
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
    }

    /** The schema of a space that declares none: an agent in a world of resources, 512 inputs. */
    public static FeatureSchema defaults() {
        return DEFAULTS;
    }

    /**
     * Reads a schema, such as {@code {"inputs":512,"numeric":{"health":{"min":0,"max":100}},"categorical":{"status":
     * ["idle","active"]},"grid":{"field":"perception.grid","slots":256}}} or
     * {@code {"inputs":512,"observation":{"low":[-1,null],"high":[1,null]}}}. Everything may be left out; 512 inputs are
     * the default.
     *
     * @throws InvalidInput naming every field that is unknown or wrong
     */
    public static FeatureSchema parse(JsonNode json) {
        return new SchemaReader().read(json);
    }

    /** The schema as {@link #parse} reads it; a bound that is not there is null. */
    public JsonNode toJson() {
        return SchemaWriter.write(this);
    }

    /** How many slots the declared fields take; the rest is for undeclared numbers. */
    public int declaredSlots() {
        return slots(numeric, categorical, grid, observation);
    }

    private static int slots(
            List<Numeric> numeric,
            List<Categorical> categorical,
            @Nullable Grid grid,
            @Nullable Observation observation) {
        int slots = numeric.size();
        for (Categorical field : categorical) {
            slots += field.values().size();
        }
        slots += grid == null ? 0 : grid.slots();
        return slots + (observation == null ? 0 : observation.low().size());
    }

    private static void checkName(String field) {
        if (FieldPath.split(field).contains("")) {
            throw new InvalidInput("", "'" + field + "' is no field name: a key is empty");
        }
    }

    private static void addDistinct(
            Map<List<String>, String> declared, String field, String where, List<FieldError> errors) {
        if (declared.putIfAbsent(FieldPath.split(field), where) != null) {
            errors.add(new FieldError(where, "is declared twice"));
        }
    }
}
