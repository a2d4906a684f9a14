using System.CommandLine;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary>The flags of a command, one for each setting that has one.</summary>
internal sealed class SettingFlags
{
    private const string On = "true";

    private static readonly string[] ClusterSettings =
    [
        nameof(ProviderOptions.ProviderName),
        nameof(ProviderOptions.ApiGroup),
        nameof(ProviderOptions.Kubeconfig),
        nameof(ProviderOptions.Context),
        nameof(ProviderOptions.OnboardingKubeconfig),
        nameof(ProviderOptions.OnboardingContext),
        nameof(ProviderOptions.Standalone),
    ];

    private readonly List<(Setting Setting, Option<string?> Option)> _flags = [];

    /// <summary>Adds the flags to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="isShown">Which of them the help shows; all are accepted.</param>
    public SettingFlags(Command command, Func<Setting, bool> isShown)
    {
        foreach (var setting in ProviderSettings.All)
        {
            if (setting.Flag is null)
            {
                continue;
            }

            var option = new Option<string?>(setting.Flag)
            {
                Description = setting.Description,
                HelpName = setting.IsSwitch ? "true|false" : setting.Value,
                Arity = setting.IsSwitch ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
                Hidden = !isShown(setting),
            };
            if (setting.Alias is { } alias)
            {
                option.Aliases.Add(alias);
            }

            command.Options.Add(option);
            _flags.Add((setting, option));
        }
    }

    /// <summary>Whether a setting names the provider or its clusters, as every command that inspects them needs.</summary>
    public static bool IsForClusters(Setting setting) => ClusterSettings.Contains(setting.Name);

    /// <summary>The keys and values of the settings whose flags are given.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Given(ParseResult result) =>
        _flags
            .Where(flag => result.GetResult(flag.Option) is { Implicit: false })
            .Select(flag => KeyValuePair.Create(flag.Setting.Key, result.GetValue(flag.Option) ?? On))!;
}
