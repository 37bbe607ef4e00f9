package engram.api;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import engram.api.problem.MalformedBody;
import engram.service.ServiceSettings;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Reads JSON bodies strictly and never more than allowed. An empty body and a null are the same: no body. */
@Provider
@Singleton
@Consumes(MediaType.APPLICATION_JSON)
class JsonBodyReader implements MessageBodyReader<Object> {
    private final long limit;
    private final ClassValue<ObjectReader> readers;

    JsonBodyReader(ObjectMapper mapper, ServiceSettings settings) {
        this.limit = settings.limits().bodySize().asLongValue();
        this.readers = new ClassValue<>() {
            @Override
            protected ObjectReader computeValue(Class<?> type) {
                return mapper.readerFor(type);
            }
        };
    }

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type != InputStream.class;
    }

    @Override
    public @Nullable Object readFrom(
            Class<Object> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        ObjectReader reader = readers.get(type);
        InputStream limited = new LimitedInputStream(body, limit, "engram.limits.body-size");
        try (JsonParser parser = reader.getFactory().createParser(limited)) {
            if (parser.nextToken() == null) {
                return null;
            }
            return reader.readValue(parser);
        } catch (JsonProcessingException e) {
            throw new MalformedBody(e);
        } catch (CharConversionException e) {
            throw new MalformedBody(new JsonParseException(null, "the body is not UTF-8", e));
        }
    }
}
