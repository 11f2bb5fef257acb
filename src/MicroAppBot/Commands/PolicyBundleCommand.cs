using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies;
using MicroAppBot.Policies.Bundles;

namespace MicroAppBot.Commands;

/// <summary>
/// <c>policy bundle &lt;file&gt;</c>: writes all that the policies see as an OPA bundle, signed when there is a key. What does not load is not
/// bundled. Exit code: 0 written, 1 not.
/// </summary>
public static class PolicyBundleCommand
{
    /// <param name="content">Where the content folders are, asked when the command runs; null: see <see cref="ContentPlace"/>.</param>
    public static Command Create(Func<string>? content = null)
    {
        var file = new Argument<string>("file") { Description = "The archive to write, such as microapps.tar.gz." };
        var folder = new Option<string?>("--content") { Description = "The content folder, with policies/ and templates/; the bot's own when left out." };
        var key = new Option<string?>("--signing-key") { Description = "A file with the key: a private key in PEM form, or for HS256 the secret." };
        var algorithm = new Option<string>("--signing-alg") { Description = "How it signs.", DefaultValueFactory = _ => "RS256" };
        algorithm.AcceptOnlyFromAmong([.. BundleKey.Algorithms]);
        var id = new Option<string?>("--signing-key-id") { Description = "The key's id, for those who verify." };
        var scope = new Option<string?>("--scope") { Description = "What the signature is for, where those who verify ask for it." };
        var nobody = new Option<bool>("--without-people") { Description = "Leave the directory out: decisions about manifests do not need it, runtime access does." };
        var command = new Command("bundle", "Write all that the policies see as an OPA bundle.") { file, folder, key, algorithm, id, scope, nobody };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var path = parsed.GetValue(file)!;
                var from = ContentFolder.Load(Path.GetFullPath(parsed.GetValue(folder) ?? content?.Invoke() ?? ContentPlace.Root));
                InProcessPolicies.Compile(from);
                var signer = parsed.GetValue(key) is { } pem ? BundleKey.Of(parsed.GetValue(algorithm)!, File.ReadAllBytes(pem), parsed.GetValue(id), parsed.GetValue(scope), pem) : null;
                var files = BundleWriter.FilesOf(from, people: !parsed.GetValue(nobody));
                File.WriteAllBytes(path, BundleWriter.Pack(files, signer));
                var rules = files.Count(f => f.Name.EndsWith(".rego", StringComparison.Ordinal));
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {rules} files of rules, revision {from.Revision}{(signer is null ? "" : $", signed ({signer.Algorithm}{(signer.Id is null ? "" : $", key {signer.Id}")})")}"));
                return 0;
            }
            catch (CryptographicException fault)
            {
                error.WriteLine($"The key cannot sign: {fault.Message}");
                return 1;
            }
            catch (Exception fault) when (fault is ContentException or SettingException or IOException or UnauthorizedAccessException)
            {
                error.WriteLine(fault.Message);
                return 1;
            }
        });
        return command;
    }
}
