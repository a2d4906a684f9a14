using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>
/// Both controllers of Flux, each at its own pace: every write of theirs is one patch, conditions before the rest of the status. The OCM
/// must not be Ready at any moment at which the chart that it asks for is not deployed.
/// </summary>
public sealed class FluxInterleavingTests
{
    private enum Actor
    {
        SourceController,
        HelmController,
        Provider,
        Tenant,
        NewLeader,
    }

    /// <summary>What happens while the upgrade is under way, besides new values.</summary>
    private enum Incident
    {
        None,
        UpgradeFails,
        TagChanges,
        TagIsRestored,
    }

    private enum Digests
    {
        InHistory,
        InVersionOnly,
        NotTracked,
    }

    [Test]
    public void No_interleaving_of_the_status_writes_of_Flux_is_a_premature_Ready()
    {
        var runs =
            from actors in Gen.Elements(Enum.GetValues<Actor>()).ArrayOf(60)
            from digests in Gen.Elements(Enum.GetValues<Digests>())
            from changesValues in Gen.Elements(true, false)
            from isPinned in Gen.Elements(true, false)
            from incident in Gen.Elements(Enum.GetValues<Incident>())
            select (actors, digests, changesValues, isPinned, incident);

        Prop.ForAll(runs.ToArbitrary(), run => Never(new Run(run.digests, run.changesValues, run.isPinned, run.incident), run.actors)).Check(
            Config.QuickThrowOnFailure.WithMaxTest(700));
    }

    [Test]
    public void Ready_is_reached_once_both_controllers_are_done([Values] bool changesValues, [Values] bool isPinned)
    {
        foreach (var (digests, incident) in Enum.GetValues<Digests>().SelectMany(_ => Enum.GetValues<Incident>(), (one, other) => (one, other)))
        {
            var run = new Run(digests, changesValues, isPinned, incident);

            for (var round = 0; round < 80; round++)
            {
                run.Act(round == 7 ? Actor.Tenant : (Actor)(round % 3));
            }

            Assert.That((run.State, run.IsDeployed), Is.EqualTo((OcmState.Ready, true)), $"{digests}, {incident}");
        }
    }

    [Test]
    public void An_upgrade_that_is_rolled_back_has_failed_until_it_is_tried_again([Values] bool isPinned)
    {
        foreach (var digests in Enum.GetValues<Digests>())
        {
            var run = new Run(digests, changesValues: false, isPinned, Incident.UpgradeFails);
            List<OcmState> states = [];

            for (var round = 0; round < 60; round++)
            {
                run.Act((Actor)(round % 3));
                if (states.LastOrDefault() != run.State)
                {
                    states.Add(run.State);
                }
            }

            Assert.That(states.Where(state => state is OcmState.UpgradeFailed or OcmState.Ready), Is.EqualTo((OcmState[])[
                OcmState.UpgradeFailed, OcmState.Ready]), $"{digests}: {string.Join(", ", states)}");
        }
    }

    [Test]
    public void A_new_leader_does_not_write_the_HelmRelease_before_the_new_chart_is_pulled([Values] bool isPinned)
    {
        var run = new Run(Digests.InHistory, changesValues: true, isPinned);
        var generation = run.ReleaseGeneration;

        run.Act(Actor.Provider);
        run.Act(Actor.NewLeader);
        run.Act(Actor.Provider);
        Assert.That(run.ReleaseGeneration, Is.EqualTo(generation));

        for (var write = 0; write < 3; write++)
        {
            run.Act(Actor.SourceController);
        }

        run.Act(Actor.Provider);
        Assert.That(run.ReleaseGeneration, Is.EqualTo(generation + 1));
    }

    private static bool Never(Run run, Actor[] actors)
    {
        foreach (var actor in actors)
        {
            run.Act(actor);
            if (run.State == OcmState.Ready && !run.IsDeployed)
            {
                return false;
            }
        }

        return true;
    }

    // As long as its provider has written both objects and Flux has noticed nothing.
    [Test]
    public void A_pinned_chart_that_is_pulled_and_not_noticed_yet_is_not_Ready()
    {
        foreach (var digests in Enum.GetValues<Digests>())
        {
            var run = new Run(digests, changesValues: false, isPinned: true);

            run.Act(Actor.Provider);
            for (var write = 0; write < 3; write++)
            {
                run.Act(Actor.SourceController);
            }

            Assert.That(run.State, Is.EqualTo(OcmState.Upgrading), $"{digests}");
        }
    }

    /// <summary>
    /// An upgrade from 0.3.0 to 0.4.0, with new values or without, by tag or by pinned digest, that may fail once, be rolled back and tried
    /// again, or be superseded by another tag. Each act is one write.
    /// </summary>
    private sealed class Run
    {
        private static readonly string[] Tags = ["0.3.0", "0.4.0", "0.5.0"];

        private readonly Digests _digests;
        private readonly Incident _incident;
        private readonly Queue<Action> _sourceWrites = new();
        private readonly Queue<Action> _releaseWrites = new();
        private Observation _now;
        private (string Tag, long Generation) _deployed;
        private bool _hasFailed;

        public Run(Digests digests, bool changesValues, bool isPinned, Incident incident = Incident.None)
        {
            (_digests, _incident) = (digests, incident);
            _now = An.Observation().WithConfig(ConfigOf(isPinned, "{}")).WithOcm("""{ "spec": { "version": "0.3.0" } }""").Complete();
            var revision = isPinned ? DigestOf("0.3.0") : $"0.3.0@{DigestOf("0.3.0")}";
            Source = Source.Patched($$"""{ "status": { "artifact": { "revision": "{{revision}}" } } }""");
            while (_deployed.Tag != "0.3.0" || _releaseWrites.Count > 0)
            {
                Act(Actor.SourceController);
                Act(Actor.HelmController);
            }

            _now = _now.WithOcm("""{ "spec": { "version": "0.4.0" } }""");
            _now = changesValues ? _now.WithConfig(ConfigOf(isPinned, """{ "new": 1 }""")) : _now;
            WantsValues = changesValues;
        }

        /// <summary>What the OCM would report.</summary>
        public OcmState State => Planner.Plan(_now) is { Steps: [] } plan ? plan.Status.State : OcmState.Starting;

        /// <summary>Whether the chart and values that the OCM asks for are deployed.</summary>
        public bool IsDeployed => _deployed.Tag == Wanted && (!WantsValues || _deployed.Generation > 1);

        public long ReleaseGeneration => Release.Generation;

        private string Wanted => _now.Ocm!.Text("spec", "version")!;

        private bool WantsValues { get; }

        private KubeObject Source
        {
            get => _now.OciRepository!;
            set => _now = _now with { OciRepository = value };
        }

        private KubeObject Release
        {
            get => _now.HelmRelease!;
            set => _now = _now with { HelmRelease = value };
        }

        public void Act(Actor actor)
        {
            switch (actor)
            {
                case Actor.Provider:
                    Provide();
                    return;
                case Actor.Tenant:
                    _now = _incident is Incident.TagChanges or Incident.TagIsRestored
                        ? _now.WithOcm($$"""{ "spec": { "version": "{{(_incident == Incident.TagChanges ? "0.5.0" : "0.3.0")}}" } }""")
                        : _now;
                    return;
                case Actor.NewLeader:
                    _now = _now with { Wait = ObservedWait.None };
                    return;
            }

            var writes = actor == Actor.SourceController ? _sourceWrites : _releaseWrites;
            if (writes.Count == 0)
            {
                if (actor == Actor.SourceController)
                {
                    Pull();
                }
                else
                {
                    Install();
                }
            }

            if (writes.TryDequeue(out var write))
            {
                write();
            }
        }

        private static string DigestOf(string tag) => $"sha256:{new string("abc"[Array.IndexOf(Tags, tag)], 64)}";

        private static string ConfigOf(bool isPinned, string values) => isPinned
            ? $$"""{ "versions": [{{string.Join(", ", Tags.Select(tag => EntryOf(tag, values)))}}] }"""
            : $$"""{ "values": {{values}} }""";

        private static string EntryOf(string tag, string values) =>
            $$"""{ "version": "{{tag}}", "chartVersion": "{{tag}}", "chartDigest": "{{DigestOf(tag)}}", "helmValues": {{values}} }""";

        private void Provide()
        {
            var plan = Planner.Plan(_now);
            foreach (var step in plan.Steps.OfType<ApplyStep>().Where(step => step.Kind.Kind is "OCIRepository" or "HelmRelease"))
            {
                var before = step.Kind.Kind == "OCIRepository" ? Source : Release;
                var after = new KubeObject(
                    before.Patched(new JsonObject
                    {
                        ["metadata"] = new JsonObject { ["generation"] = before.Generation + 1 },
                        ["spec"] = JsonNode.Parse(step.Manifest.Json.GetProperty("spec").GetRawText()),
                    }).Json,
                    new FieldOwnership(Json.Leaves(step.Manifest.Json), []));
                _ = step.Kind.Kind == "OCIRepository" ? Source = after : Release = after;
            }

            _now = _now with { Wait = new ObservedWait(plan.Status.AwaitedState, _now.Now, plan.HoldsRelease) };
        }

        private void Pull()
        {
            var (generation, tag) = (Source.Generation, Source.Json.Text("spec", "ref", "tag")!);
            if (Source.Json.Number("status", "observedGeneration") == generation && IsReady(Source))
            {
                return;
            }

            _sourceWrites.Enqueue(() => Source = WithReady(Source, "Unknown", "Progressing", generation));
            _sourceWrites.Enqueue(() => Source = WithReady(Source, "True", "Succeeded", generation));
            var revision = Source.Json.Text("spec", "ref", "digest") ?? $"{tag}@{DigestOf(tag)}";
            _sourceWrites.Enqueue(() => Source = Source.Patched(
                $$"""{ "status": { "observedGeneration": {{generation}}, "artifact": { "revision": "{{revision}}" } } }"""));
        }

        private void Install()
        {
            var generation = Release.Generation;
            var tag = Array.Find(Tags, tag => DigestOf(tag) == ChartArtifact.Of(Source).Digest);
            if (Source.Json.Number("status", "observedGeneration") != Source.Generation || tag is null)
            {
                _releaseWrites.Enqueue(() => Release = WithReady(Release, "False", "SourceNotReady", generation));
                return;
            }

            if (_deployed == (tag, generation))
            {
                _releaseWrites.Enqueue(() => Release = WithReady(Release, "True", "UpgradeSucceeded", generation));
                _releaseWrites.Enqueue(() => Release = Release.Patched($$"""{ "status": { "observedGeneration": {{generation}} } }"""));
                return;
            }

            _releaseWrites.Enqueue(() => Release = WithReady(Release, "Unknown", "Progressing", generation));
            _releaseWrites.Enqueue(() => Release = Release.Patched(Attempt(tag)));
            if (_incident == Incident.UpgradeFails && tag != "0.3.0" && !_hasFailed)
            {
                _hasFailed = true;
                FailAndRollBack(tag, generation);
                return;
            }

            _releaseWrites.Enqueue(() => _deployed = (tag, generation));
            _releaseWrites.Enqueue(() => Release = WithReady(Release, "True", "UpgradeSucceeded", generation));
            _releaseWrites.Enqueue(() => Release = Release.Patched(
                $$"""{ "status": { "observedGeneration": {{generation}}, "history": [{{Snapshot(tag)}}] } }"""));
        }

        // The earlier release is deployed again, and remains so if the upgrade is not tried again.
        private void FailAndRollBack(string tag, long generation)
        {
            const string Earlier = "0.3.0";
            var (failed, superseded) = (Snapshot(tag, "failed"), Snapshot(Earlier, "superseded"));
            _releaseWrites.Enqueue(() => _deployed = (tag, 0));
            _releaseWrites.Enqueue(() => Release = WithReady(Release, "False", "UpgradeFailed", generation));
            _releaseWrites.Enqueue(() => Release = WithHistory(failed, Snapshot(Earlier)));
            _releaseWrites.Enqueue(() => _deployed = (Earlier, 0));
            _releaseWrites.Enqueue(() => Release = WithReady(Release, "False", "RollbackSucceeded", generation));
            _releaseWrites.Enqueue(() => Release = WithHistory(Snapshot(Earlier), failed, superseded));

            KubeObject WithHistory(params string[] snapshots) => Release.Patched(
                $$"""{ "status": { "observedGeneration": {{generation}}, "history": [{{string.Join(", ", snapshots)}}] } }""");
        }

        // Without digest tracking, helm-controller writes the digest all the same.
        private string Attempt(string tag) => _digests == Digests.InVersionOnly
            ? $$"""{ "status": { "lastAttemptedRevision": "{{tag}}{{SuffixOf(tag)}}" } }"""
            : $$"""{ "status": { "lastAttemptedRevisionDigest": "{{DigestOf(tag)}}" } }""";

        private static string SuffixOf(string tag) => $"+{DigestOf(tag)["sha256:".Length..][..12]}";

        private string Snapshot(string tag, string status = "deployed")
        {
            var suffix = SuffixOf(tag);
            return _digests switch
            {
                Digests.InHistory =>
                    $$"""{ "status": "{{status}}", "chartVersion": "{{tag}}{{suffix}}", "ociDigest": "{{DigestOf(tag)}}" }""",
                Digests.InVersionOnly => $$"""{ "status": "{{status}}", "chartVersion": "{{tag}}{{suffix}}" }""",
                _ => $$"""{ "status": "{{status}}", "chartVersion": "{{tag}}" }""",
            };
        }

        private static bool IsReady(KubeObject fluxObject) =>
            fluxObject.ReadyCondition is var ready
            && ready.Text("status") == "True"
            && ready.Number("observedGeneration") == fluxObject.Generation;

        private static KubeObject WithReady(KubeObject fluxObject, string status, string reason, long generation) => fluxObject.Patched(
            $$"""
            {
              "status": {
                "conditions": [
                  { "type": "Ready", "status": "{{status}}", "reason": "{{reason}}", "message": "m", "observedGeneration": {{generation}} }
                ]
              }
            }
            """);
    }
}
