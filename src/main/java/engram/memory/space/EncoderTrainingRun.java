package engram.memory.space;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.encoder.AutoencoderEncoder;
import engram.encoder.AutoencoderTrainer;
import engram.encoder.Encoder;
import engram.encoder.EncoderQuality;
import engram.encoder.QualityMeasurement;
import engram.encoder.Resolution;
import engram.encoder.ScoreCalibration;
import engram.encoder.ScoreScale;
import engram.encoder.StoredEncoder;
import engram.encoder.TrainedAutoencoder;
import engram.error.Conflict;
import engram.memory.MemoryStore;
import engram.run.Progress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** One training of an encoder, from the states of a space to a version that is kept. */
final class EncoderTrainingRun {
    private static final double TRAINED = 0.85;

    private final MemoryStore store;
    private final LiveEncoders live;
    private final MemoryFeatures features;
    private final EncoderLibrary library;
    private final AutoencoderTrainer trainer;
    private final InstantSource clock;

    EncoderTrainingRun(
            MemoryStore store,
            LiveEncoders live,
            MemoryFeatures features,
            EncoderLibrary library,
            AutoencoderTrainer trainer,
            InstantSource clock) {
        this.store = store;
        this.live = live;
        this.features = features;
        this.library = library;
        this.trainer = trainer;
        this.clock = clock;
    }

    /**
     * Trains, measures and keeps a version.
     *
     * @param version the number of the new version
     * @return what it is worth and whether it is to be activated
     */
    Outcome run(int version, EncoderSettings settings, Progress progress) {
        long seed = settings.training().seed();
        TrainingSample sample = TrainingSample.newest(store, features, settings.sample(), seed);
        TrainingSample.Rows training = sample.training();
        TrainingSample.Rows heldOut = sample.heldOut();
        if (training.size() < EncoderSettings.LEAST_STATES) {
            throw new Conflict(
                    "",
                    "the space has " + (training.size() + heldOut.size())
                            + " whole states; an encoder is trained on at least " + EncoderSettings.LEAST_STATES
                            + " and measured on a tenth more");
        }
        TrainedAutoencoder trained = trainer.train(
                training.features(), training.present(), settings.training(), new PartOfProgress(progress, 0, TRAINED));
        progress.report(TRAINED, "measuring the new encoder beside the active one", Map.of());
        Encoder uncalibrated = new AutoencoderEncoder(version, trained.weights(), ScoreScale.ISOMETRIC);
        ScoreScale scale = ScoreCalibration.calibrate(uncalibrated, heldOut.features(), seed);
        QualityMeasurement measurement =
                new QualityMeasurement(heldOut.features(), heldOut.present(), training.features(), seed, progress);
        EncoderQuality quality = measurement.measure(uncalibrated);
        EncoderQuality former = live.use(view -> measurement.measure(view.active()));
        List<String> objections = quality.worseThan(former);
        boolean activate =
                switch (settings.activation()) {
                    case IF_NOT_WORSE -> objections.isEmpty();
                    case ALWAYS -> true;
                    case NEVER -> false;
                };
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.put("trainedOn", training.size()).put("measuredOn", heldOut.size());
        report.put("bestEpoch", trained.bestEpoch());
        report.set("quality", describe(quality));
        report.set("activeQuality", describe(former));
        report.set("curve", curve(trained));
        ArrayNode reasons = report.putArray("objections");
        objections.forEach(reasons::add);
        report.set("settings", settings.toJson());
        library.save(new StoredEncoder(version, trained.weights(), scale, report, clock.instant()));
        return new Outcome(report, activate);
    }

    private static ObjectNode describe(EncoderQuality quality) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (Resolution resolution : Resolution.values()) {
            EncoderQuality.Figures figures = quality.at(resolution);
            json.putObject(Integer.toString(resolution.dimensions()))
                    .put("reconstructionError", figures.error())
                    .put("keptNeighbours", figures.kept())
                    .put("principalReconstructionError", figures.principalError())
                    .put("principalKeptNeighbours", figures.principalKept());
        }
        return json;
    }

    private static ArrayNode curve(TrainedAutoencoder trained) {
        ArrayNode curve = JsonNodeFactory.instance.arrayNode();
        for (TrainedAutoencoder.Epoch epoch : trained.curve()) {
            curve.addObject()
                    .put("epoch", epoch.number())
                    .put("trainingLoss", epoch.trainingLoss())
                    .put("validationLoss", epoch.validation().total())
                    .put("full", epoch.validation().full())
                    .put("compressed", epoch.validation().compressed())
                    .put("abstract", epoch.validation().abstracted())
                    .put("stress", epoch.validation().stress());
        }
        return curve;
    }

    /**
     * What a training led to.
     *
     * @param report for the client, and kept with the version
     * @param activate whether the version is to take over
     */
    record Outcome(ObjectNode report, boolean activate) {}
}
