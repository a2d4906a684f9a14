using System.CommandLine;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Tools.Diff;
using ServiceProviderOcm.Core.Tools.Render;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Output;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>render</c>: shows what the controller would write, from files.</summary>
internal sealed class RenderCommand
{
    private const int StackBytes = 256 << 20;
    private const string StandardInput = "-";
    private const string Yaml = "yaml";
    private const string Json = "json";

    private readonly Option<string[]> _files = new("--filename", "-f")
    {
        Description = "Files with OCMs, a ProviderConfig, and the Secrets and ConfigMap that it references; "
            + $"{StandardInput} for standard input",
        HelpName = "FILE",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Output format",
        DefaultValueFactory = _ => Yaml,
    };

    private readonly Option<string?> _apiGroup = CommandOptions.ApiGroup(
        "--api-group", "API group of OCM and ProviderConfig (default: taken from the files)");

    private readonly Option<string?> _providerName = new("--provider-name")
    {
        Description = "Name of the ProviderConfig to use if there are several",
        HelpName = "NAME",
    };

    private readonly Option<bool> _showSecrets = new("--show-secrets")
    {
        Description = "Show the values of Secrets (default: only the keys and the length of each value)",
    };

    private readonly Option<bool> _diff = new("--diff")
    {
        Description = "Show what the ProviderConfig would change, for how many OCMs, and in which stages, compared with the cluster",
    };

    private readonly Option<string[]> _against = new("--against")
    {
        Description = "With --diff: compare with the ProviderConfig in these files, for the OCMs in the files",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create() => new RenderCommand().ToCommand();

    private Command ToCommand()
    {
        _output.AcceptOnlyFromAmong(Yaml, Json);
        var command = new Command("render", "Render the objects that the controller would write, from files; with --diff, what would change")
        {
            _files, _output, _apiGroup, _providerName, _showSecrets, _diff, _against,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_diff) && result.GetValue(_showSecrets))
            {
                result.AddError("--diff never shows the values of Secrets: leave --show-secrets out.");
            }

            if (!result.GetValue(_diff) && result.GetResult(_against) is not null)
            {
                result.AddError("--against is for --diff.");
            }
        });
        var diff = new RenderDiff(new SettingFlags(command, RenderDiff.IsAccepted, RenderDiff.IsAccepted));
        command.SetAction((result, cancellationToken) => result.GetValue(_diff)
            ? DiffAsync(diff, result, cancellationToken)
            : RenderAsync(result, cancellationToken));
        return command;
    }

    private async Task<int> DiffAsync(RenderDiff diff, ParseResult result, CancellationToken cancellationToken)
    {
        try
        {
            var texts = await TextsAsync(result.GetRequiredValue(_files), cancellationToken);
            var to = await OnLargeStackAsync(() => InputsOf(texts, result, needsOcms: false));
            if (result.GetValue(_against) is not { Length: > 0 } against)
            {
                return await diff.RunAsync(result, to, each => WriteAsync(each, result), cancellationToken);
            }

            var before = await TextsAsync(against, cancellationToken);
            var compared = await OnLargeStackAsync(() => DiffSource.Files(to, InputsOf(before, result, needsOcms: false)));
            await WriteAsync(compared, result);
            return compared.HasChanges ? ExitCodes.Differences : ExitCodes.Success;
        }
        catch (ManifestException exception)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(PrintableText.OneLine(exception.Message));
            return ExitCodes.Usage;
        }
    }

    private async Task WriteAsync(ConfigDiff diff, ParseResult result)
    {
        var output = result.InvocationConfiguration.Output;
        if (result.GetRequiredValue(_output) == Json)
        {
            await output.WriteLineAsync(JsonText.Of(json => ConfigDiffJson.Write(json, diff), isIndented: true));
            return;
        }

        foreach (var line in ConfigDiffText.Lines(diff))
        {
            await output.WriteLineAsync(line);
        }
    }

    private async Task<int> RenderAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var (output, errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        try
        {
            var texts = await TextsAsync(result.GetRequiredValue(_files), cancellationToken);
            var (rendered, text) = await OnLargeStackAsync(() => Render(texts, result));
            await output.WriteAsync(text);
            foreach (var line in rendered.Notices.Concat(rendered.Errors))
            {
                await errors.WriteLineAsync(PrintableText.OneLine(line));
            }

            return rendered.Errors.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (ManifestException exception)
        {
            await errors.WriteLineAsync(PrintableText.OneLine(exception.Message));
            return ExitCodes.Usage;
        }
    }

    private (RenderResult Result, string Text) Render(IEnumerable<(string File, string Text)> texts, ParseResult result)
    {
        var rendered = Renderer.Render(InputsOf(texts, result, needsOcms: true));
        var showSecrets = result.GetValue(_showSecrets);
        return (rendered, result.GetRequiredValue(_output) == Json
            ? RenderedText.Json(rendered.Steps, showSecrets)
            : RenderedText.Yaml(rendered.Steps, showSecrets));
    }

    private RenderInputs InputsOf(IEnumerable<(string File, string Text)> texts, ParseResult result, bool needsOcms) => RenderInputs.Of(
        [.. texts.SelectMany(text => YamlManifests.Read(text.File, text.Text))],
        result.GetValue(_apiGroup),
        result.GetValue(_providerName),
        needsOcms);

    // Objects may be nested as deep as API servers store them, and are read and written by methods that call themselves for each level.
    private static Task<T> OnLargeStackAsync<T>(Func<T> run)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    done.SetResult(run());
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            },
            StackBytes)
        {
            IsBackground = true,
        };
        thread.Start();
        return done.Task;
    }

    private static async Task<IReadOnlyList<(string File, string Text)>> TextsAsync(
        IEnumerable<string> files, CancellationToken cancellationToken)
    {
        List<(string File, string Text)> texts = [];
        foreach (var file in files)
        {
            texts.Add((file, await TextOfAsync(file, cancellationToken)));
        }

        return texts;
    }

    private static async Task<string> TextOfAsync(string file, CancellationToken cancellationToken)
    {
        if (file == StandardInput)
        {
            return await Console.In.ReadToEndAsync(cancellationToken);
        }

        try
        {
            return Directory.Exists(file)
                ? throw new ManifestException($"{file} is a directory; specify files")
                : await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ManifestException($"{file} cannot be read: {exception.Message}");
        }
    }
}
