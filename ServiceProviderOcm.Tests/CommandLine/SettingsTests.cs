using Microsoft.Extensions.Configuration;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Tests.Support.Logs;
using ServiceProviderOcm.Worker.CommandLine;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Tests.CommandLine;

public sealed class SettingsTests
{
    // As the platform's contract and the Go providers have them.
    private static readonly string[][] ContractFlags =
    [
        ["--environment", "dev"],
        ["--provider-name", "ocm"],
        ["--verbosity", "DEBUG"],
        ["-v", "error"],
        ["--format", "json"],
        ["--kubeconfig", "/etc/kubeconfig"],
        ["--leader-elect", "true"],
        ["--health-probe-bind-address", ":8081"],
        ["--metrics-bind-address", ":8080"],
        ["--metrics-secure", "false"],
        ["--metrics-cert-path", "/certs"],
        ["--metrics-cert-name", "tls.crt"],
        ["--metrics-cert-key", "tls.key"],
        ["--enable-http2", "false"],
        ["--dev", "true"],
        ["--cli", "true"],
        ["-f", "text"],
        ["--disable-stacktrace", "true"],
        ["--disable-caller", "true"],
        ["--disable-timestamp", "true"],
        ["--webhook-cert-path", "/certs"],
        ["--webhook-cert-name", "tls.crt"],
        ["--webhook-cert-key", "tls.key"],
    ];

    private static readonly string[] Commands = ["init", "run", "check", "status"];

    [Test]
    public void Every_command_takes_every_flag_of_the_contract_in_both_spellings(
        [ValueSource(nameof(Commands))] string command, [ValueSource(nameof(ContractFlags))] string[] flag)
    {
        var (name, value) = (flag[0], flag[1]);
        Assert.That(ProviderCommand.Create().Parse([command, name, value]).Errors, Is.Empty);
        Assert.That(ProviderCommand.Create().Parse([command, $"{name}={value}"]).Errors, Is.Empty);
    }

    [TestCase("--leader-elect")]
    [TestCase("--metrics-secure")]
    [TestCase("--enable-http2")]
    [TestCase("--dev")]
    [TestCase("--cli")]
    [TestCase("--standalone")]
    [TestCase("--disable-stacktrace")]
    public void A_switch_without_a_value_is_true(string flag)
    {
        var command = new System.CommandLine.Command("run");
        var flags = new SettingFlags(command, _ => true);

        var given = flags.Given(command.Parse([flag, "--provider-name=ocm"])).ToList();

        Assert.That(given.Select(setting => setting.Value), Is.EquivalentTo(["true", "ocm"]));
    }

    [TestCase("Verbosity", "DEBUG", Verbosity.Debug)]
    [TestCase("Verbosity", "error", Verbosity.Error)]
    [TestCase("Verbosity", "Info", Verbosity.Info)]
    public void The_verbosity_is_read_in_any_case(string name, string text, Verbosity expected) =>
        Assert.That(Read((name, text)).Verbosity, Is.EqualTo(expected));

    [TestCase("true", true)]
    [TestCase("True", true)]
    [TestCase("t", true)]
    [TestCase("1", true)]
    [TestCase("FALSE", false)]
    [TestCase("f", false)]
    [TestCase("0", false)]
    public void Booleans_are_read_as_in_Go(string text, bool expected) =>
        Assert.That(Read(("LeaderElect", text)).LeaderElect, Is.EqualTo(expected));

    [TestCase("LeaderElect", "maybe", "--leader-elect \"maybe\" is not true or false.")]
    [TestCase("Workers", "-1", "--workers \"-1\" is not a whole number.")]
    [TestCase("ControlPlaneWorkers", "many", "--control-plane-workers \"many\" is not a whole number.")]
    [TestCase("Workers", "ten", "--workers \"ten\" is not a whole number.")]
    [TestCase("Verbosity", "1", "--verbosity \"1\" is not one of ERROR, INFO, DEBUG.")]
    [TestCase("Format", "xml", "--format \"xml\" is not one of text, json.")]
    [TestCase("DisableCaller", "maybe", "--disable-caller \"maybe\" is not true or false.")]
    [TestCase("OnboardingTimeout", "soon", "--onboarding-timeout \"soon\" is not a duration, such as 30m.")]
    public void An_unreadable_setting_is_named_with_what_is_expected(string name, string text, string error) =>
        Assert.That(Read((name, text)).Unreadable, Is.EqualTo([error]));

    [TestCase("--disable-stacktrace", "DisableStacktrace", "true")]
    [TestCase("--disable-caller", "DisableCaller", "true")]
    [TestCase("--disable-timestamp", "DisableTimestamp", "false")]
    [TestCase("--webhook-cert-path", "WebhookCertPath", "/certs")]
    [TestCase("--webhook-cert-name", "WebhookCertName", "tls.crt")]
    [TestCase("--webhook-cert-key", "WebhookCertKey", "tls.key")]
    public void A_setting_without_effect_is_logged_if_it_is_given(string flag, string name, string value)
    {
        var log = new LogLines<ProviderOptions>();

        IneffectiveSettings.Log(Configuration((name, value), ("Format", "json")), log);

        Assert.That(log.Lines, Has.Exactly(1).Items.And.All.Contains($"{flag} is accepted for compatibility"));
    }

    [TestCase("0s", false)]
    [TestCase("10m", true)]
    public void The_limit_of_waits_must_be_positive(string text, bool isValid)
    {
        var failures = new ProviderOptionsValidator().Validate(null, Read(("WaitTimeout", text))).Failures;

        Assert.That(failures!.Any(failure => failure.StartsWith("--wait-timeout", StringComparison.Ordinal)), Is.Not.EqualTo(isValid));
    }

    [Test]
    public void All_errors_are_reported_at_once()
    {
        var options = Read(("LeaderElect", "maybe"), ("Workers", "0"), ("ApiGroup", "nodots"));

        var result = new ProviderOptionsValidator().Validate(null, options);

        // The name and the namespace are missing besides.
        Assert.That(result.Failures, Has.Exactly(5).Items);
    }

    [TestCase("ControlPlaneLimits:ObjectBytes", "2Mi", 2 << 20)]
    [TestCase("ControlPlaneLimits:ObjectBytes", "1048576", 1 << 20)]
    public void Sizes_are_read_with_and_without_a_unit(string name, string text, int expected) =>
        Assert.That(Read((name, text)).ControlPlaneLimits.ObjectBytes, Is.EqualTo(expected));

    [TestCase("2.5Mi")]
    [TestCase("Mi")]
    [TestCase("-1")]
    [TestCase("2MB")]
    [TestCase("2Gi")]
    [TestCase("99999999999999999999")]
    public void A_size_that_is_none_or_too_large_is_reported(string text) => Assert.That(
        Read(("ControlPlaneLimits:ObjectBytes", text)).Unreadable,
        Is.EqualTo([$"--control-plane-max-object-bytes \"{text}\" is not a number of bytes, such as 16777216 or 16Mi."]));

    [TestCase("ControlPlaneLimits:Pages", "0", "--control-plane-max-pages 0 is out of range: 1 to 2147483647.")]
    [TestCase("SharedClusterLimits:StoreBytes", "0", "--shared-cluster-max-store-bytes 0 is out of range: 1 to 9223372036854775807.")]
    [TestCase("MaxOcmStoreBytes", "0", "--max-ocm-store-bytes 0 is out of range: 1 to 9223372036854775807.")]
    [TestCase("MaxOcms", "0", "--max-ocms 0 is out of range: 1 to 2147483647.")]
    [TestCase("ControlPlaneBudget:TurnDuration", "0s", "--control-plane-turn-duration must be longer than 0 and at most 1h, such as 10s.")]
    [TestCase("ControlPlaneBudget:GroupTraffic", "0", "--control-plane-group-traffic 0 is out of range: 1 to 9223372036854775807.")]
    [TestCase("ControlPlaneLimits:AnswerBytes", "1Mi", "--control-plane-max-object-bytes 4194304 is larger than --control-plane-max-answer-bytes 1048576.")]
    public void A_limit_out_of_range_is_reported(string name, string text, string error) =>
        Assert.That(new ProviderOptionsValidator().Validate(null, Read((name, text))).Failures, Has.Some.EqualTo(error));

    [Test]
    public void The_defaults_are_those_of_the_controller_and_its_clients()
    {
        var options = new ProviderOptions();
        var controller = new ControllerOptions();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ReadingLimits.OfControlPlane(options) with { FlagPrefix = null }, Is.EqualTo(ClientOptions.ControlPlane.Limits));
            Assert.That(ReadingLimits.OfSharedCluster(options) with { FlagPrefix = null }, Is.EqualTo(ClientOptions.Default.Limits));
            Assert.That(ReadingLimits.KeptOfControlPlane(options) with { FlagPrefix = null }, Is.EqualTo(controller.ControlPlaneLimits));
            Assert.That(ReadingLimits.KeptOfSharedCluster(options) with { FlagPrefix = null }, Is.EqualTo(controller.Informers.Limits));
            Assert.That((options.MaxOcms, options.MaxOcmStoreBytes), Is.EqualTo((controller.MaxOcms, controller.MaxOcmStoreBytes)));
            Assert.That(options.ControlPlaneBudget.RequestTimeout, Is.EqualTo(ClientOptions.ControlPlane.RequestTimeout));
            Assert.That(ReadingLimits.OfAllControlPlanes(options) with { FlagPrefix = null }, Is.EqualTo(controller.ControlPlaneBudget));
            Assert.That(options.ControlPlaneBudget.TotalBytes, Is.EqualTo(controller.ControlPlaneTotalBytes));
            Assert.That(options.ControlPlaneBudget.TurnSteps, Is.EqualTo(controller.ControlPlanes.MaxSteps));
            Assert.That(options.ControlPlaneBudget.TurnDuration, Is.EqualTo(controller.ControlPlanes.MaxDuration));
        }
    }

    [Test]
    public void A_limit_that_is_exceeded_is_reported_by_its_flag() => Assert.That(
        ProviderSettings.All.Select(setting => setting.Flag),
        Is.SupersetOf(
        [
            .. new[] { LimitSettings.ControlPlanes, LimitSettings.SharedClusters }.SelectMany(prefix => (string[])
                [$"{prefix}answer-bytes", $"{prefix}object-bytes", $"{prefix}bytes-per-minute", $"{prefix}objects", $"{prefix}store-bytes", $"{prefix}pages"]),
            .. ((string[])["total-bytes", "group-memory", "shared-memory", "group-traffic", "shared-traffic"])
                .Select(end => LimitSettings.AllControlPlanes + end),
        ]));

    [Test]
    public void Every_setting_has_a_key_and_a_flag_of_its_own()
    {
        Assert.That(ProviderSettings.All.Select(setting => setting.Key), Is.Unique);
        Assert.That(ProviderSettings.All.Select(setting => setting.Flag).Where(flag => flag is not null), Is.Unique);
    }

    [Test]
    public void Every_setting_with_an_effect_can_be_set_and_has_the_name_of_its_property()
    {
        Type[] groups = [typeof(ClusterLimits), typeof(ControlPlaneBudget)];
        var settable = typeof(ProviderOptions).GetProperties()
            .Where(property => property.Name != nameof(ProviderOptions.Unreadable))
            .SelectMany(property => groups.Contains(property.PropertyType)
                ? property.PropertyType.GetProperties().Select(member => $"{property.Name}:{member.Name}")
                : property.CanWrite ? [property.Name] : Array.Empty<string>());

        Assert.That(
            ProviderSettings.All.Where(setting => !setting.HasNoEffect).Select(setting => setting.Name), Is.EquivalentTo(settable));
    }

    private static IConfigurationRoot Configuration(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting =>
            KeyValuePair.Create($"{ProviderOptions.Section}:{setting.Name}", (string?)setting.Value)))
        .Build();

    private static ProviderOptions Read(params (string Name, string Value)[] settings)
    {
        var options = new ProviderOptions();
        new ProviderOptionsSetup(Configuration(settings)).Configure(options);
        return options;
    }
}
