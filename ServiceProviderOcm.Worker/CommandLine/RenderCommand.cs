using System.CommandLine;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Tools.Render;
using ServiceProviderOcm.Worker.Lifetime;

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

    private readonly Option<string?> _apiGroup = new("--api-group")
    {
        Description = "API group of OCM and ProviderConfig (default: taken from the files)",
        HelpName = "GROUP",
    };

    private readonly Option<string?> _providerName = new("--provider-name")
    {
        Description = "Name of the ProviderConfig to use if there are several",
        HelpName = "NAME",
    };

    private readonly Option<bool> _showSecrets = new("--show-secrets")
    {
        Description = "Show the values of Secrets (default: only the keys and the length of each value)",
    };

    public static Command Create() => new RenderCommand().ToCommand();

    private Command ToCommand()
    {
        _output.AcceptOnlyFromAmong(Yaml, Json);
        var command = new Command("render", "Render the objects that the controller would write, from files (no cluster access)")
        {
            _files, _output, _apiGroup, _providerName, _showSecrets,
        };
        command.SetAction(RenderAsync);
        return command;
    }

    private async Task<int> RenderAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var (output, errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        try
        {
            List<(string File, string Text)> texts = [];
            foreach (var file in result.GetRequiredValue(_files))
            {
                texts.Add((file, await TextOfAsync(file, cancellationToken)));
            }

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
        List<SourcedObject> objects = [.. texts.SelectMany(text => YamlManifests.Read(text.File, text.Text))];
        var rendered = Renderer.Render(RenderInputs.Of(objects, result.GetValue(_apiGroup), result.GetValue(_providerName)));
        var showSecrets = result.GetValue(_showSecrets);
        return (rendered, result.GetRequiredValue(_output) == Json
            ? RenderedText.Json(rendered.Steps, showSecrets)
            : RenderedText.Yaml(rendered.Steps, showSecrets));
    }

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
