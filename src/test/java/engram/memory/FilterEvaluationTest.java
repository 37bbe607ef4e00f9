package engram.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterEvaluationTest {
    private static final Memory MEMORY = Memories.memory("m")
            .kind(Kind.ACTION)
            .step(5)
            .tags("{'colour':'Red','sizes':[1,2.5,'large'],'none':null}")
            .payload(
                    "{'state':{'health':80,'big':18446744073709551616,'inner':{'on':true}},'action':{'action_type':'move'}}")
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'field':'kind','eq':'action'} | true",
                "{'field':'step','in':[4,6]} | false",
                "{'field':'step','gt':4,'lte':5} | true",
                "{'field':'step','lt':5} | false",
                "{'field':'tags.colour','contains':'re'} | false",
                "{'field':'tags.colour','contains':'RE','ignoreCase':true} | true",
                "{'field':'tags.sizes','eq':2.5} | true",
                "{'field':'tags.sizes','eq':1.0} | true",
                "{'field':'tags.sizes','contains':'arg'} | true",
                "{'field':'tags.none','exists':true} | false",
                "{'field':'payload.health','gte':80} | true",
                "{'field':'payload.health','eq':'80'} | false",
                "{'field':'payload.big','eq':0} | false",
                "{'field':'payload.big','eq':18446744073709551616} | true",
                "{'field':'payload.inner','exists':true} | true",
                "{'field':'payload.inner.on','eq':true} | true",
                "{'field':'payload.energy','lt':5} | false",
                "{'not':{'field':'payload.energy','lt':5}} | true",
                "{'and':[]} | true",
                "{'or':[]} | false",
            })
    void says(String filter, boolean holds) throws JsonProcessingException {
        Filter parsed = new FilterParser(FilterLimits.defaults())
                .parse(new ObjectMapper().readTree(filter.replace('\'', '"')), "filter");
        assertThat(FilterEvaluation.matches(parsed, MEMORY)).isEqualTo(holds);
    }

    @Test
    void aMemoryWithoutAStepHasNone() {
        Filter steps = new Criteria(null, null, null, null, null, 0L, null).toFilter();
        assertThat(FilterEvaluation.matches(steps, Memories.memory("m").build()))
                .isFalse();
    }
}
